"""Pages of pairs: lines and firms stand in many of them and are loaded once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from matching.lists.models import DemandLine, SupplyLine

_NAMED = ("key", "title", "unit", "state", "chain", "organisation")
_FIRM = tuple(f"organisation__{name}" for name in ("name", "uscc", "region"))


def load_lines(pairs: Sequence[Model]) -> None:
    """Give pairs their two lines with their firms, as far as results name them; at most two queries."""
    demands = _narrow(DemandLine.objects.all(), "quantity", "period")
    supplies = _narrow(SupplyLine.objects.all())
    prefetch_related_objects(pairs, Prefetch("demand", demands), Prefetch("supply", supplies))


def _narrow(lines: QuerySet[DemandLine] | QuerySet[SupplyLine], *more: str) -> QuerySet[Model]:
    narrow: QuerySet[Model] = lines.select_related("organisation").only(*_NAMED, *more, *_FIRM)
    return narrow
