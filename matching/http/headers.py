"""Headers of requests and answers as OpenAPI describes them; the operations refer to them by name."""

from __future__ import annotations

from typing import Any

_ALWAYS = ("X-Request-ID",)
_LIMITED = (*_ALWAYS, "RateLimit-Policy", "RateLimit")


def headers_told(status: str, *, represents: bool) -> tuple[str, ...]:
    """Headers of an answer with that status; ``represents``: a success says what GET of the object says."""
    if status == "304":
        return (*_LIMITED, "ETag")
    if status.startswith("2"):
        return (*_LIMITED, "ETag") if represents else _LIMITED
    more = {
        "401": (*_ALWAYS, "WWW-Authenticate"),
        "403": (*_ALWAYS, "WWW-Authenticate"),
        "409": (*_ALWAYS, "Retry-After"),
        "default": (*_LIMITED, "Retry-After"),
    }
    return more.get(status, _ALWAYS)


def _asked(name: str, words: str, example: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": words,
        "schema": {"type": "string", **schema},
        "example": example,
    }


def _told(words: str, example: str | int, kind: str = "string") -> dict[str, Any]:
    return {"description": words, "schema": {"type": kind}, "example": example}


_ID = "3f2a9c04d1f14a7b8d5e6f708192a3b4"
_ETAG = '"9be191d5c07be4146f9b1cdf9a982f975c4285f4"'
PARAMETERS = [
    _asked(
        "X-Request-ID",
        "Your own id of the request, 8 to 64 letters, digits, dots, dashes and underscores; absent: one is "
        "made. It stands in the answer, in the operator's log and in the audit.",
        _ID,
    ),
    _asked(
        "Idempotency-Key",
        "Makes it safe to send the request again: it takes effect once and is answered alike.",
        "1d3c7a52-5a0e-4c53-9d0c-0d7f6d6a2c11",
        minLength=1,
        maxLength=255,
    ),
    _asked("If-Match", "Writes only while GET of the object would answer with this ETag, else 412.", _ETAG),
    _asked("If-None-Match", "The ETag that you have: 304 without a body while it is still that.", _ETAG),
]
HEADERS = {
    "X-Request-ID": _told("Id of the request.", _ID),
    "RateLimit-Policy": _told(
        "How many requests (q) in how many seconds (w), for the address and for the credential.",
        '"address";q=3000;w=60, "credential";q=1200;w=60',
    ),
    "RateLimit": _told(
        "How many requests are left (r), and in how many seconds there are more (t).",
        '"address";r=2987;t=42, "credential";r=1187;t=42',
    ),
    "ETag": _told("Strong; send it in If-Match or If-None-Match.", _ETAG),
    "Retry-After": _told(
        "Seconds to wait before sending again, with 429 and request_in_progress.", 1, "integer"
    ),
    "WWW-Authenticate": _told(
        "How to sign in, and what is wrong with the token.", 'Bearer realm="ChainMatch"'
    ),
}
COMPONENTS = {"parameters": {one["name"]: one for one in PARAMETERS}, "headers": HEADERS}


def add_components(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Puts what operations refer to into the description (a hook of drf-spectacular)."""
    result["components"].update(COMPONENTS)
    return result
