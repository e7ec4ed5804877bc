"""How secrets of the API look and how they are kept: shown once, stored as a digest.

``cm_pat_`` tells what was found where a token lies about, and the last six characters are a checksum, so that
scanners of repositories find it without false alarms and a mistyped one costs no query. The random part has
178 bits: a plain SHA-512 is enough, nobody can try them out.
"""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from enum import StrEnum

_ALPHABET = string.digits + string.ascii_letters
_RANDOM, _CHECK = 30, 6
SHOWN = 12
"""Characters from the beginning of a secret that lists of secrets show."""
EARLIER = 64
"""Tokens of earlier releases: so many hexadecimal digits."""


class Kind(StrEnum):
    """What a secret is good for, as its first characters."""

    PERSONAL = "cm_pat_"
    ACCESS = "cm_oat_"
    CLIENT = "cm_cs_"
    CALENDAR = "cm_cal_"


def make(kind: Kind) -> str:
    """A new secret of that kind."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return kind + body + _checksum(kind + body)


def well_formed(secret: str, kind: Kind) -> bool:
    """Whether it could be a secret of that kind: its form and its checksum are right."""
    body = secret[len(kind) : -_CHECK]
    return (
        secret.startswith(kind)
        and len(body) == _RANDOM
        and body.isascii()
        and body.isalnum()
        and secret.endswith(_checksum(secret[:-_CHECK]))
    )


def of_earlier_release(secret: str) -> bool:
    """Whether it has the form of tokens that releases before scopes gave out."""
    return len(secret) == EARLIER and not set(secret) - set(string.hexdigits.lower())


def digest(secret: str) -> str:
    """What is stored of a secret, and looked up."""
    return hashlib.sha512(secret.encode()).hexdigest()


def checksum(access_token: str) -> str:
    """What the OAuth library stores of an access token."""
    return hashlib.sha256(access_token.encode()).hexdigest()


def _checksum(text: str) -> str:
    number, written = zlib.crc32(text.encode()), ""
    while number:
        number, place = divmod(number, len(_ALPHABET))
        written = _ALPHABET[place] + written
    return written.rjust(_CHECK, "0")
