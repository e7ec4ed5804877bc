"""Stored pairs in words: told from the frozen lines when somebody reads them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from typing import TypeVar

import msgspec
from django.db.models import Q

from matching.engine import wire
from matching.engine.conditions import Reader, from_text
from matching.engine.telling import Teller
from matching.engine.text import index_glossary
from matching.engine.types import Glossary, Need, Offer, Policy
from matching.runs.models import FoundPair, FrozenLine, MatchingRun, PolicyVersion, Side
from matching.runs.queries.frozen import whole

Pair = TypeVar("Pair", bound=FoundPair)
_Place = tuple[uuid.UUID, str, int]


def tell(pairs: Iterable[Pair]) -> list[Pair]:
    """Give matches and near misses their ``conditions``, ``criteria`` and ``failing``; two queries.

    The words are those of the lines as they were frozen, under the run's own policy and glossary.
    """
    rows = list(pairs)
    frozen = _Frozen(rows)
    tellers = _tellers({pair.run_id for pair in rows})
    for pair in rows:
        told = tellers[pair.run_id].tell(
            frozen.need(pair),
            frozen.offer(pair),
            from_text(pair.verdicts),
            pair.values,
            confirmed=pair.confirmed,
        )
        pair.conditions = msgspec.to_builtins(told.conditions)
        pair.criteria = msgspec.to_builtins(told.criteria)
        pair.failing = msgspec.to_builtins(told.failing)
    return rows


def rules_of(version: PolicyVersion) -> Policy:
    """The engine's policy of a version."""
    return msgspec.convert({**version.body, "version": version.number}, Policy, strict=False)


def policy_of(run: MatchingRun) -> Policy:
    """The engine's policy of a run."""
    return rules_of(run.policy)


def criterion_values(pair: FoundPair) -> tuple[tuple[str, int], ...]:
    """The criteria that applied to a pair, with their values in basis points; reads the run's policy."""
    criteria = (criterion for criterion, _weight in pair.run.policy.body["weights"])
    named = zip(criteria, pair.values, strict=True)
    return tuple((criterion, value) for criterion, value in named if value is not None)


def _line(side: str, frozen: bytes) -> Need | Offer:
    return wire.decode(frozen, Need) if side == Side.NEED else wire.decode(frozen, Offer)


class _Frozen:
    """The frozen lines of pairs; each is decoded once, however many pairs it is in."""

    def __init__(self, pairs: Iterable[FoundPair]) -> None:
        wanted: dict[tuple[uuid.UUID, str], set[int]] = {}
        for pair in pairs:
            wanted.setdefault((pair.run_id, Side.NEED), set()).add(pair.need_position)
            wanted.setdefault((pair.run_id, Side.OFFER), set()).add(pair.offer_position)
        places = (Q(run=run, side=side, position__in=at) for (run, side), at in wanted.items())
        lines = FrozenLine.objects.filter(reduce(or_, places, Q(pk__in=[]))).order_by()
        rows = lines.values_list("run_id", "side", "position", "line_id", "payload", "sealed")
        self._lines: dict[_Place, Need | Offer] = {
            (run, side, position): _line(side, whole(line, payload, sealed))
            for run, side, position, line, payload, sealed in rows
        }

    def need(self, pair: FoundPair) -> Need:
        """The demand line as it was compared."""
        line = self._lines[pair.run_id, Side.NEED, pair.need_position]
        assert isinstance(line, Need)
        return line

    def offer(self, pair: FoundPair) -> Offer:
        """The supply line as it was compared."""
        line = self._lines[pair.run_id, Side.OFFER, pair.offer_position]
        assert isinstance(line, Offer)
        return line


def _tellers(runs: set[uuid.UUID]) -> dict[uuid.UUID, Teller]:
    found = MatchingRun.objects.filter(pk__in=runs).select_related("policy")
    return {run.pk: Teller(policy_of(run), _reader(run.glossary), run.as_of) for run in found}


@lru_cache(maxsize=8)
def _reader(glossary: str) -> Reader:
    return Reader(index_glossary(wire.decode(glossary.encode(), Glossary)))
