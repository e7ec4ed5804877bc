"""Encryption at rest with keys that can be changed while the service runs.

Tokens are those of Fernet (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec). The first of
``settings.FIELD_KEYS`` encrypts; every one of them decrypts. To change keys, put a new one in front, start
all processes again, run ``manage.py rotate_keys``, then take the old one away.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

KEYLESS_MODES = frozenset({"demo", "test"})
"""Modes in which a missing key is derived from ``SECRET_KEY``."""


class Undecryptable(Exception):
    """The text was not encrypted with any of the installed keys, or was tampered with."""


def encrypt(text: str) -> str:
    """A token under the newest key; the same text gives another token each time.

    Raises ``ImproperlyConfigured`` where production has no key.
    """
    return _ring().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text of a token. Raises ``Undecryptable``, and ``ImproperlyConfigured`` as ``encrypt``."""
    try:
        return _ring().decrypt(token.encode()).decode()
    except InvalidToken:
        raise Undecryptable("no key in CHAINMATCH_FIELD_KEYS opens this value") from None


def renew(token: str) -> str | None:
    """The same text under the newest key; None where it stands under that already. Raises as ``decrypt``."""
    newest = _keys()[0]
    try:
        newest.decrypt(token.encode())
    except InvalidToken:
        return encrypt(decrypt(token))
    return None


def _ring() -> MultiFernet:
    return MultiFernet(_keys())


def _keys() -> list[Fernet]:
    if settings.FIELD_KEYS:
        return _opened(tuple(settings.FIELD_KEYS))
    if settings.MODE in KEYLESS_MODES:
        return _derived(settings.SECRET_KEY)
    raise ImproperlyConfigured("CHAINMATCH_FIELD_KEYS is not set, so nothing can be stored encrypted")


@lru_cache(maxsize=4)
def _opened(keys: tuple[str, ...]) -> list[Fernet]:
    try:
        return [Fernet(key) for key in keys]
    except ValueError:
        raise ImproperlyConfigured(
            "CHAINMATCH_FIELD_KEYS holds a key that is not 32 bytes in URL-safe base64"
        ) from None


@lru_cache(maxsize=4)
def _derived(secret: str) -> list[Fernet]:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"chainmatch field key")
    return [Fernet(base64.urlsafe_b64encode(kdf.derive(secret.encode())))]


def check_keys(**_options: Any) -> list[CheckMessage]:
    """Deployment has keys of its own, and they are well-formed."""
    hint = "Set it to the output of: python manage.py new_field_key"
    if not settings.FIELD_KEYS:
        return [Error("CHAINMATCH_FIELD_KEYS is not set.", hint=hint, id="accounts.E001")]
    try:
        _keys()
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), hint=hint, id="accounts.E002")]
    return []
