"""How many agreements firms have reached, for everybody: counts by chain and kind, no amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.core.cache import caches
from django.db.models import Count

from matching.agreements.amounts import Kind
from matching.agreements.models import Agreement
from matching.agreements.states import IN_FORCE
from matching.overview.anonymity import hidden

KEPT_SECONDS = 3600
Counts = Mapping[str, Mapping[Kind, int | None]]
"""By chain and kind; None where one or two firms of a side stand behind it, or it would tell of such."""
Cell = tuple[str, Kind]


def public_agreements(today: date) -> Counts:
    """Agreements in force that were signed before this month began; one query, kept in memory.

    The month that runs is left out: whoever looked each day would see a single firm's agreement arrive.
    """
    before = today.replace(day=1)
    name = f"public-agreements-{before}"
    found: Counts | None = caches["process"].get(name)
    if found is None:
        found = _count(before)
        caches["process"].set(name, found, KEPT_SECONDS)
    return found


def _count(before: date) -> Counts:
    rows = Agreement.objects.filter(state__in=sorted(IN_FORCE), signed_on__lt=before).order_by()
    counted = rows.values_list("review__demand__chain_id", "kind").annotate(
        Count("pk"),
        Count("review__demand__organisation_id", distinct=True),
        Count("review__supply__organisation_id", distinct=True),
    )
    cells = {(chain, Kind(kind)): (number, min(sides)) for chain, kind, number, *sides in counted}
    return without_few(cells)


def without_few(cells: Mapping[Cell, tuple[int, int]]) -> Counts:
    """Counts from number and firms of each cell.

    Each chain and each kind is hidden as if its total were known: it might be, from a report. Where a single
    cell of one is hidden, for the sake of another, the smallest beside it is too, until none can be told.
    """
    chains = sorted({chain for chain, _kind in cells})
    lines = [[cell for cell in cells if cell[1] == kind] for kind in Kind]
    lines += [[cell for cell in cells if cell[0] == chain] for chain in chains]
    quiet = {cell for line in lines for cell in hidden({cell: cells[cell][1] for cell in line})}
    while more := {cell for line in lines for cell in _beside(line, quiet, cells)}:
        quiet |= more
    return {
        chain: {
            kind: None if (chain, kind) in quiet else cells.get((chain, kind), (0, 0))[0] for kind in Kind
        }
        for chain in chains
    }


def _beside(line: Iterable[Cell], quiet: set[Cell], cells: Mapping[Cell, tuple[int, int]]) -> Iterator[Cell]:
    """The cell to hide with the only hidden one of a line."""
    told = [cell for cell in line if cell not in quiet]
    if told and len([cell for cell in line if cell in quiet]) == 1:
        yield min(told, key=lambda cell: (cells[cell][1], cell))
