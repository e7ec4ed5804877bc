"""The short code by which a party is known at the door of one meeting."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable

from django.utils.crypto import constant_time_compare, salted_hmac

LENGTH = 8
_SALT = "matching.floor.codes"
_MISREAD = str.maketrans("01", "OI")
"""What a hurried hand writes for letters of the code; base 32 has no 0 and no 1."""


def code_of(meeting_id: uuid.UUID, organisation_id: uuid.UUID) -> str:
    """Eight characters of base 32 (RFC 4648); opens nothing by itself: who checks in has signed in."""
    digest = salted_hmac(_SALT, f"{meeting_id}:{organisation_id}", algorithm="sha256").digest()
    return base64.b32encode(digest).decode()[:LENGTH]


def pass_of(meeting_id: uuid.UUID, organisation_id: uuid.UUID) -> str:
    """What stands in the address of a pass: the meeting's id and the code."""
    return f"{meeting_id}.{code_of(meeting_id, organisation_id)}"


def read_pass(token: str) -> tuple[uuid.UUID, str] | None:
    """Meeting's id and code of a pass; None where it is none."""
    meeting, _dot, code = token.partition(".")
    try:
        return uuid.UUID(meeting), code
    except ValueError:
        return None


def organisation_of(code: str, meeting_id: uuid.UUID, organisations: Iterable[uuid.UUID]) -> uuid.UUID | None:
    """Whose code it is among those; spaces, hyphens and lower case don't matter. None where nobody's."""
    asked = "".join(code.split()).replace("-", "").upper().translate(_MISREAD)
    return next(
        (one for one in organisations if constant_time_compare(code_of(meeting_id, one), asked)), None
    )
