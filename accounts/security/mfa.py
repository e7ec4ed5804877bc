"""Second factors: their secrets are encrypted at rest."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from accounts import keyring


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second factors with our keys."""

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return keyring.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it was."""
        return keyring.decrypt(encrypted_text)
