"""Cursors of the changes feed: encrypted, so that nobody counts what lies between two of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from accounts.keyring import Undecryptable, decrypt, encrypt
from accounts.models import User

DIGITS = 19
"""Positions are written at one width: a longer cursor would tell of a longer number."""


class BadCursor(Exception):
    """The text is no cursor of this service."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read, and with which eyes."""

    position: int
    scope: str

    def __str__(self) -> str:
        return encrypt(f"changes:{self.position:0{DIGITS}d}:{self.scope}")


def read(text: str) -> Cursor:
    """The cursor that was written so. Raises ``BadCursor``."""
    try:
        word, position, scope = decrypt(text).split(":")
        if word != "changes":
            raise BadCursor
        return Cursor(int(position), scope)
    except (Undecryptable, ValueError) as error:
        raise BadCursor from error


def scope_of(user: User) -> str:
    """A short name for all that a person's roles reach: it changes when one of them does."""
    held = sorted(
        [str(one.organisation_id), one.role, sorted(one.chains), sorted(one.regions)]
        for one in user.active_memberships
    )
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]
