"""Reads of the vectors that are known."""

from __future__ import annotations

from collections.abc import Iterable

from matching.engine import wire
from matching.meanings.models import TextMeaning
from matching.meanings.texts import Text


def digest(text: Text) -> str:
    """The key that a text is kept under."""
    return wire.digest(b"asked" if text.asked else b"found", text.words.encode())


def known(model: str, texts: Iterable[Text]) -> dict[Text, bytes]:
    """The vectors that the model has made of these texts, in one query."""
    by_digest = {digest(text): text for text in texts}
    rows = TextMeaning.objects.filter(model=model, digest__in=by_digest)
    return {by_digest[key]: bytes(vector) for key, vector in rows.values_list("digest", "vector")}
