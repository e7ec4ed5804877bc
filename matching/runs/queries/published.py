"""A published list as its page shows it: one page of rows, and the beginning of its changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, overload

from django.core.cache import caches
from django.db.models import Count, QuerySet

from matching.disclosure.services import Place
from matching.runs.models import FrozenLine, Match, MatchingList, Side
from matching.runs.queries.names import firm_names, frozen_titles

DIFFERENCES = 200
"""Rows of a difference that a page shows, of each sort."""
_PAIRS = ("added", "changed", "removed")
_GAPS = ("gaps_opened", "gaps_closed")
_FIGURES = ("rank", "score", "band", "allocated", "unit", "share")
Row = dict[str, Any]


class ListedRows(Sequence[Row]):
    """The rows of a published list, in its order; only those asked for are read, three queries a slice.

    Rows that a list names are not changed once it is published, so that they say what its content says.
    """

    def __init__(self, published: MatchingList) -> None:
        self._length = published.matches
        self._run = published.run_id
        named: QuerySet[Any, Any] = Match.objects.filter(run=published.run_id, listed=True)
        self._rows = named.order_by("need_position", "rank", "offer_position").values(
            "need_position", "offer_position", *_FIGURES
        )

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, wanted: int) -> Row: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Row]: ...
    def __getitem__(self, wanted: int | slice) -> Row | list[Row]:
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        rows: list[Row] = list(self._rows[wanted])
        demands = self._lines(Side.NEED, [row["need_position"] for row in rows])
        supplies = self._lines(Side.OFFER, [row["offer_position"] for row in rows])
        for row in rows:
            row["demand"], row["demand_title"] = demands[row["need_position"]]
            row["supply"], row["supply_title"] = supplies[row["offer_position"]]
        return rows

    def _lines(self, side: Side, positions: list[int]) -> dict[int, tuple[str, str]]:
        frozen = FrozenLine.objects.filter(run=self._run, side=side, position__in=positions)
        return {place: (key, title) for place, key, title in frozen.values_list("position", "key", "title")}


@dataclass(frozen=True, slots=True)
class Part:
    """How many there are of one sort, and the first of them: pairs of keys, or keys."""

    total: int
    first: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The beginning of a difference, with the titles of the lines that it names by their keys."""

    added: Part
    changed: Part
    removed: Part
    gaps_opened: Part
    gaps_closed: Part
    unchanged: int
    titles: Mapping[str, str]


def changes_in(run_id: uuid.UUID, diff: Mapping[str, Any]) -> Changes:
    """What a page shows of a difference; one query."""
    parts = {name: Part(len(diff[name]), tuple(diff[name][:DIFFERENCES])) for name in _PAIRS + _GAPS}
    return Changes(**parts, unchanged=diff["unchanged"], titles=frozen_titles(run_id, _named(parts)))


def _named(parts: Mapping[str, Part]) -> Iterator[str]:
    for name in _PAIRS:
        yield from chain.from_iterable(parts[name].first)
    for name in _GAPS:
        yield from parts[name].first


def published_changes(published: MatchingList) -> Changes:
    """What the page of a list shows of its difference, which is megabytes for a province: read once."""
    key = f"published-changes-{published.pk}"
    found: Changes | None = caches["process"].get(key)
    if found is None:
        found = changes_in(published.run_id, published.diff)
        caches["process"].set(key, found, timeout=None)
    return found


def listed_firms(published: MatchingList) -> Iterator[tuple[Place, int]]:
    """Whose lines a list names, and how many; two queries."""
    named = Match.objects.filter(run=published.run_id, listed=True).order_by()
    for side in ("demand", "supply"):
        firms = named.values_list(f"{side}__organisation").annotate(lines=Count(side, distinct=True))
        for firm, lines in firms:
            yield (firm, side, None, ""), lines


def titles_shown(changes: Changes | None, rows: Sequence[Row] = ()) -> dict[str, tuple[str, str]]:
    """Product and firm of the lines that a page names, by their keys; one query."""
    titles = dict(changes.titles) if changes else {}
    for row in rows:
        titles |= {row[side]: row[f"{side}_title"] for side in ("demand", "supply")}
    firms = firm_names(titles)
    return {key: (title, firms[key]) for key, title in titles.items()}
