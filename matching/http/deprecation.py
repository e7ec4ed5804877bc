"""Operations that will go: marked in the description, and told in every answer (RFC 9745, RFC 8594)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from django.utils.http import http_date
from drf_spectacular.utils import extend_schema

LEAST_NOTICE = timedelta(days=365)
F = TypeVar("F", bound=Callable[..., Any])


def deprecated(*, since: date, sunset: date, link: str) -> Callable[[F], F]:
    """Mark an operation. ``link`` leads to what says how to go on without it.

    Raises ``ValueError`` where fewer than twelve months lie between the two days.
    """
    if sunset - since < LEAST_NOTICE:
        raise ValueError("what is deprecated stays for twelve months")
    headers = {
        "Deprecation": f"@{_seconds(since)}",
        "Sunset": http_date(_seconds(sunset)),
        "Link": f'<{link}>; rel="deprecation"; type="text/html"',
    }

    def marked(operation: F) -> F:
        @wraps(operation)
        def answering(view: Any, *args: Any, **kwargs: Any) -> Any:
            view.headers.update(headers)
            return operation(view, *args, **kwargs)

        return cast(F, extend_schema(deprecated=True)(answering))

    return marked


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC")).timestamp())
