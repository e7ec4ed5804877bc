"""How many requests a credential and an address may send, over all processes.

Counted in the broker's Valkey, in one step with asking; while it is down, each process counts for itself, so
that a limit is never an outage. Told in ``RateLimit-Policy`` and ``RateLimit``
(draft-ietf-httpapi-ratelimit-headers-10).
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from accounts.security.attempts import client_address

_logger = logging.getLogger(__name__)
_TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
REST_SECONDS = 5.0
"""How long a broker that did not answer is left alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a limit."""

    name: str
    limit: RateLimitItem
    remaining: int
    seconds: int

    @property
    def policy(self) -> str:
        """One entry of ``RateLimit-Policy``."""
        return f'"{self.name}";q={self.limit.amount};w={self.limit.get_expiry()}'

    @property
    def left(self) -> str:
        """One entry of ``RateLimit``."""
        return f'"{self.name}";r={self.remaining};t={self.seconds}'


class Counter:
    """Counts in the broker, or in this process while the broker does not answer."""

    def __init__(self, url: str) -> None:
        shared = storage_from_string(url, wrap_exceptions=True, **_TIMEOUTS)
        assert isinstance(shared, Storage), "only asynchronous ones are not"
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._back_at = 0.0

    def hit(self, limit: RateLimitItem, name: str, key: str) -> tuple[bool, Standing]:
        """Whether one more passes, and what is left then."""
        if time.monotonic() >= self._back_at:
            try:
                return _hit(self._shared, limit, name, key)
            except StorageError as error:
                self._back_at = time.monotonic() + REST_SECONDS
                _logger.warning("requests are counted in this process alone: %s", error)
        return _hit(self._own, limit, name, key)


def _hit(
    counter: MovingWindowRateLimiter, limit: RateLimitItem, name: str, key: str
) -> tuple[bool, Standing]:
    passes = counter.hit(limit, name, key)
    stats = counter.get_window_stats(limit, name, key)
    seconds = max(1, math.ceil(stats.reset_time - time.time()))
    return passes, Standing(name, limit, stats.remaining if passes else 0, seconds)


@lru_cache(maxsize=4)
def counter_at(url: str) -> Counter:
    """The process's counter for a broker."""
    return Counter(storage_url(url))


def storage_url(broker: str) -> str:
    """Celery's address of the broker as the library writes it."""
    if not broker.startswith("redis+socket://"):
        return broker
    path, _question, query = broker.removeprefix("redis+socket://").partition("?")
    number = parse_qs(query).get("virtual_host", ["0"])[0]
    return f"redis+unix://{path}?db={number}"


def of_address(request: Request) -> None:
    """Count a request by its address, before anybody asks whose it is. Raises ``Throttled``."""
    _count(request, "address", settings.API_LIMIT_ADDRESS, client_address(request._request))


def of_credential(request: Request) -> None:
    """Count a request by its token, application or person. Raises ``Throttled``."""
    credential = getattr(request.auth, "id", None) or f"user {request.user.pk}"
    _count(request, "credential", settings.API_LIMIT_CREDENTIAL, str(credential))


def _count(request: Request, name: str, written: str, key: str) -> None:
    if not written:
        return
    passes, standing = counter_at(settings.CELERY_BROKER_URL).hit(parse(written), name, key)
    told: list[Standing] = request.__dict__.setdefault("limits", [])
    told.append(standing)
    if not passes:
        words = _("Too many requests; ask again in %(seconds)s seconds.") % {"seconds": standing.seconds}
        refusal = Throttled(detail=words)
        # Given to the exception's constructor, it would be told a second time in other words.
        refusal.wait = standing.seconds  # type: ignore[attr-defined]
        raise refusal


def tell(request: Request, response: HttpResponseBase) -> None:
    """Write what is left into the answer's headers."""
    told: list[Standing] = request.__dict__.get("limits", [])
    if told:
        response.headers["RateLimit-Policy"] = ", ".join(one.policy for one in told)
        response.headers["RateLimit"] = ", ".join(one.left for one in told)
