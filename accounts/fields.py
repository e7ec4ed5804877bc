"""Model fields whose values stand encrypted in the database."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts import keyring


class EncryptedTextField(models.TextField[str | None, str | None]):
    """Text that only processes with the key can read: plain in Python, a token in the database and its dumps.

    It can't be searched, sorted or compared in the database: every lookup but ``isnull`` is refused.
    """

    def get_prep_value(self, value: Any) -> Any:
        """The token to store."""
        plain = super().get_prep_value(value)
        return None if plain is None else keyring.encrypt(plain)

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> str | None:
        """The plain text. Raises ``keyring.Undecryptable``."""
        return None if value is None else keyring.decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only ``isnull`` means something of a token."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
