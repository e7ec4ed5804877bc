"""What a verb may refuse with; the API turns these into problem documents, pages into messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self


class Fault(str):
    """Words for people about one field, with a stable code for programs."""

    code: str

    def __new__(cls, words: str, code: str) -> Self:
        """``code`` is one of those with a page of their own (``matching/http/codes.py``)."""
        fault = super().__new__(cls, words)
        fault.code = code
        return fault


class Refusal(Exception):
    """A rule of the programme says no. ``code`` is stable, ``message`` is for people."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Conflict(Refusal):
    """The object is no longer in a state that allows this (409)."""


class Forbidden(Refusal):
    """The person's role does not allow this (403)."""


class Invalid(Refusal):
    """Input that can be mended; ``fields`` names what is wrong where (400).

    ``code`` counts for words that are no ``Fault``.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]], *, code: str = "invalid") -> None:
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in fields.items()), code=code)
        self.fields = fields
