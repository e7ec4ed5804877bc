"""Verbs on vectors."""

from __future__ import annotations

from collections.abc import Iterable

from matching.meanings.encoders import Encoder
from matching.meanings.models import TextMeaning
from matching.meanings.queries import digest, known
from matching.meanings.texts import Text

BATCH = 256
LOOKED_UP = 2_000


def learn(*, encoder: Encoder, texts: Iterable[Text], limit: int) -> int:
    """Encode up to ``limit`` texts that have no vector of this model yet; returns how many.

    Side effects: rows, a batch at a time, so that nothing is lost when the model fails half way; two at
    once do no harm. Raises ``EncodingFailed``.
    """
    done = 0
    for group in _groups(texts, LOOKED_UP):
        held = known(encoder.name, group)
        missing = [text for text in group if text not in held][: limit - done]
        for asked in (False, True):
            for batch in _groups((text for text in missing if text.asked == asked), BATCH):
                done += _store(encoder, batch, asked)
        if done >= limit:
            break
    return done


def forget_others(*, model: str) -> int:
    """Drop the vectors of models that are no longer set; returns how many."""
    return TextMeaning.objects.exclude(model=model).delete()[0]


def _store(encoder: Encoder, batch: list[Text], asked: bool) -> int:
    vectors = encoder.encode([text.words for text in batch], asked=asked)
    TextMeaning.objects.bulk_create(
        (
            TextMeaning(model=encoder.name, digest=digest(text), vector=vector)
            for text, vector in zip(batch, vectors, strict=True)
        ),
        ignore_conflicts=True,
    )
    return len(batch)


def _groups(texts: Iterable[Text], size: int) -> Iterable[list[Text]]:
    """Distinct texts in lists of ``size``; what came in an earlier list may come again."""
    group: dict[Text, None] = {}
    for text in texts:
        group[text] = None
        if len(group) == size:
            yield list(group)
            group = {}
    if group:
        yield list(group)
