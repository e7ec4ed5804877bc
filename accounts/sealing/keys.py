"""Sealing with data keys: AES-SIV (RFC 5297), deterministic, bound to the place where a value stands.

The first data key is made by ``migrate`` and stands in the database encrypted under the first of
``settings.FIELD_KEYS``. Changing those keys therefore rewrites data keys and nothing else: no price, no
frozen run and no file. ``manage.py reseal`` makes newer ones (``accounts.sealing.renewing``). A process reads
each data key once and asks for newer ones every minute. Where demo and tests have no field keys, the one
data key is derived from ``SECRET_KEY`` and has the number 0.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.keyring import KEYLESS_MODES, Undecryptable

DERIVED = 0
_HEAD = 2
_ASKED_AGAIN = 60
"""Seconds after which every process seals under a newer data key."""
_BYTES = 64


@dataclass(frozen=True)
class _Key:
    number: int
    secret: bytes

    def derive(self, purpose: bytes, salt: bytes | None = None, length: int = _BYTES) -> bytes:
        """A key for one purpose."""
        return HKDF(SHA256(), length, salt, b"chainmatch " + purpose).derive(self.secret)

    @cached_property
    def values(self) -> AESSIV:
        """The cipher of single values."""
        return AESSIV(self.derive(b"values"))

    @cached_property
    def digests(self) -> bytes:
        """The key of ``keyed_digest``."""
        return self.derive(b"digests")

    @cached_property
    def head(self) -> bytes:
        """What stands in front of everything that is sealed with it."""
        return self.number.to_bytes(_HEAD, "big")


_read: dict[int, _Key] = {}
"""Keys that this process has read; a number never means another key."""


def seal(plain: bytes, context: bytes) -> bytes:
    """The bytes, readable only with a data key and the same context; the same bytes are sealed alike.

    Raises ``ImproperlyConfigured`` where there is no data key yet, ``Undecryptable`` where it can't be read.
    """
    key = newest()
    return key.head + key.values.encrypt(plain, [context])


def unseal(sealed: bytes, context: bytes) -> bytes:
    """What was sealed. Raises ``Undecryptable`` for another context, damage and a data key that is gone."""
    try:
        return numbered(int.from_bytes(sealed[:_HEAD], "big")).values.decrypt(sealed[_HEAD:], [context])
    except (InvalidTag, ValueError):
        raise Undecryptable("a sealed value is damaged or was made for another place") from None


def unseal_all(sealed: Iterable[bytes | memoryview | None], contexts: Iterable[bytes]) -> list[bytes | None]:
    """``unseal`` of several values, None of None; raises as that. Runs open them by the hundred thousand."""
    plain: list[bytes | None] = []
    head, decrypt = b"", None
    try:
        for value, context in zip(sealed, contexts, strict=True):
            if value is None:
                plain.append(None)
                continue
            if decrypt is None or value[:_HEAD] != head:
                head = bytes(value[:_HEAD])
                decrypt = numbered(int.from_bytes(head, "big")).values.decrypt
            plain.append(decrypt(value[_HEAD:], [context]))
    except (InvalidTag, ValueError):
        raise Undecryptable("a sealed value is damaged or was made for another place") from None
    return plain


def seal_all(plain: Iterable[bytes | None], contexts: Iterable[bytes]) -> list[bytes | None]:
    """``seal`` of several values, None of None. Raises as that."""
    key = newest()
    head, encrypt = key.head, key.values.encrypt
    pairs = zip(plain, contexts, strict=True)
    return [None if value is None else head + encrypt(value, [context]) for value, context in pairs]


def renewed(sealed: bytes, context: bytes) -> bytes:
    """The same under the newest data key, unchanged where it stands under that. Raises as ``unseal``."""
    return sealed if is_newest(sealed) else seal(unseal(sealed, context), context)


def keyed_digest(data: bytes) -> str:
    """HMAC-SHA256 in hex under the oldest data key: who has the database alone can't try out what was hashed.

    Changing keys leaves it as it is. Raises as ``seal``.
    """
    return hmac.digest(_oldest().digests, data, "sha256").hex()


def keyed_pads() -> tuple[bytes, bytes]:
    """The inner and the outer block of ``keyed_digest`` (RFC 2104), for a migration inside the database."""
    digests = _oldest().digests
    return bytes(one ^ 0x36 for one in digests), bytes(one ^ 0x5C for one in digests)


def numbered(number: int) -> _Key:
    """The data key of that number. Raises ``Undecryptable`` where there is none, or none that can be read."""
    if number in _read:
        return _read[number]
    if number == DERIVED and settings.MODE in KEYLESS_MODES:
        return _derived(settings.SECRET_KEY)
    row = _model().objects.filter(pk=number).first()
    if row is None:
        raise Undecryptable(f"there is no data key {number}; restore the table accounts_datakey")
    key = _read[number] = _Key(number, base64.b64decode(row.secret))
    return key


def newest() -> _Key:
    """The data key that seals. Raises as ``seal``."""
    return _at_end(oldest=False)


def _oldest() -> _Key:
    return _at_end(oldest=True)


def _at_end(*, oldest: bool) -> _Key:
    if _is_keyless():
        return _derived(settings.SECRET_KEY)
    numbers = _numbers(int(time.monotonic() // _ASKED_AGAIN))
    return numbered(numbers[0] if oldest else numbers[-1])


@lru_cache(maxsize=1)
def _numbers(_period: int) -> tuple[int, ...]:
    numbers = tuple(_model().objects.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        raise ImproperlyConfigured("there is no data key yet; run: manage.py migrate")
    return numbers


def ensure(model: Any = None) -> None:
    """Make the first data key where there is none; ``model`` is ``DataKey``, or what a migration knows of it.

    Side effects: one row. Raises ``ImproperlyConfigured`` where production has no field keys.
    """
    rows = (model or _model()).objects
    if not _is_keyless() and not rows.exists():
        rows.create(number=DERIVED + 1, secret=_made())


def _made() -> str:
    return base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def add() -> int:
    """Make a newer data key, under which all processes seal within ``_ASKED_AGAIN`` seconds; its number.

    Raises ``ImproperlyConfigured`` where the one data key is derived from ``SECRET_KEY``.
    """
    if _is_keyless():
        raise ImproperlyConfigured("CHAINMATCH_FIELD_KEYS is not set, so no data key can be stored")
    number = max(_model().objects.values_list("pk", flat=True), default=DERIVED) + 1
    _model().objects.create(number=number, secret=_made())
    forget()
    return int(number)


def is_newest(sealed: bytes) -> bool:
    """Whether it stands under the data key that seals now. Raises as ``seal``."""
    return sealed[:_HEAD] == newest().head


def forget() -> None:
    """Read the data keys anew when they are next needed."""
    _read.clear()
    _numbers.cache_clear()


def _is_keyless() -> bool:
    return not settings.FIELD_KEYS and settings.MODE in KEYLESS_MODES


def _model() -> Any:
    return apps.get_model("accounts", "DataKey")


@lru_cache(maxsize=4)
def _derived(secret: str) -> _Key:
    kdf = HKDF(SHA256(), _BYTES, None, b"chainmatch data key")
    return _Key(DERIVED, kdf.derive(secret.encode()))
