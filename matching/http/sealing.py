"""Short-lived values that only this service reads: what a cursor points at, what a kept answer says.

AES-SIV (RFC 5297) under a key derived from ``SECRET_KEY`` and the value's context. Opened with another
context, another user's for example, a value is as good as broken. The same value is sealed alike, so that a
page with a cursor keeps its ETag.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


class Unsealable(Exception):
    """The value was made by nobody here, for something else, or is damaged."""


def seal(value: bytes, context: str) -> bytes:
    """The value, readable only with the same context."""
    return next(_ciphers(context)).encrypt(value, None)


def unseal(sealed: bytes, context: str) -> bytes:
    """What was sealed, under any of ``SECRET_KEY`` and ``SECRET_KEY_FALLBACKS``. Raises ``Unsealable``."""
    for cipher in _ciphers(context):
        try:
            return cipher.decrypt(sealed, None)
        except (InvalidTag, ValueError):
            continue
    raise Unsealable


def as_text(sealed: bytes) -> str:
    """For an address: URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """Raises ``Unsealable`` for what is no base64."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Unsealable from None


def _ciphers(context: str) -> Iterator[AESSIV]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        kdf = HKDF(algorithm=SHA256(), length=64, salt=None, info=b"chainmatch sealed " + context.encode())
        yield AESSIV(kdf.derive(force_bytes(secret)))
