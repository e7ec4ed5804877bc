"""What the lines of a run mean, where the installation has set a model; else nothing happens here.

A run uses the vectors that are known when it freezes its lines and waits for no model.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from matching.engine.types import Need, Offer
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.meanings.encoders import encoder
from matching.meanings.queries import known
from matching.meanings.services import forget_others, learn
from matching.meanings.texts import Known, Text, asked_by, found_by, meant, of_need, of_offer, offered
from matching.memory.queries import aliases_of

MOST = 1_500
"""Texts a tick: half a minute of the model in the process, on one core."""
_BATCH = 1_000

L = TypeVar("L")
V = TypeVar("V", Need, Offer)


def needs_meant(lines: Iterable[tuple[L, Need]]) -> Iterator[tuple[L, Need]]:
    """Lines with their needs, and with what these mean as far as it is known."""
    return _told(lines, of_need, meant)


def offers_meant(lines: Iterable[tuple[L, Offer]]) -> Iterator[tuple[L, Offer]]:
    """Lines with their offers, and with what these mean as far as it is known."""
    return _told(lines, of_offer, offered)


def learn_meanings() -> int:
    """Encode what is new on the lists and in the memory; returns how many texts.

    Side effects: vectors of models that are no longer set are dropped. Raises ``EncodingFailed``.
    """
    model = encoder(**settings.SEMANTIC)
    if model is None:
        return 0
    forget_others(model=model.name)
    done = 0
    for chain, kind in sorted(set(Round.objects.values_list("chain_id", "kind"))):
        done += learn(encoder=model, texts=_texts(chain, kind), limit=MOST - done)
    return done


def _told(
    lines: Iterable[tuple[L, V]], texts: Callable[[V], tuple[Text, ...]], told: Callable[[V, Known], V]
) -> Iterator[tuple[L, V]]:
    model = settings.SEMANTIC["model"]
    if not model:
        yield from lines
        return
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
        held = known(model, (text for _, value in batch for text in texts(value)))
        yield from ((line, told(value, held)) for line, value in batch)


def _texts(chain: str, kind: str) -> Iterator[Text]:
    on = timezone.localdate()
    for _pk, title, description in _rows(DemandLine.objects.matchable(chain=chain, kind=kind, on=on)):
        yield from asked_by(title, description)
    confirmed = aliases_of(chain, kind)
    for pk, title, description in _rows(SupplyLine.objects.matchable(chain=chain, kind=kind, on=on)):
        yield from found_by(title, description, confirmed.get(pk, ()))


def _rows(lines: QuerySet[DemandLine] | QuerySet[SupplyLine]) -> Iterator[tuple[uuid.UUID, str, str]]:
    return iter(lines.order_by("pk").values_list("pk", "title", "description"))
