"""The rows behind a figure: the same questions that the figures ask, as lists of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from matching.chains.models import ChainNode
from matching.engine import units
from matching.lists.models import DemandLine
from matching.overview.queries.lines import Cover, Stage, came_to, computed, gaps
from matching.overview.queries.quantities import Part, part
from matching.overview.queries.scope import Scope

GAP = "gap-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; ``show`` is a ``Stage``, a ``Cover``, a ``Part``, ``gaps``, or ``gap-`` and a kind of gap.
    ``unit`` stands for all units that measure the same."""

    side: str = "demand"
    state: str = ""
    show: str = ""
    node: ChainNode | None = None
    unit: str = ""


def behind(scope: Scope, wanted: Wanted) -> QuerySet[Any]:
    """Visible lines behind a figure, with firm, chain and node; lines of gaps have ``uncovered``."""
    lines = _shown(scope, wanted)
    if wanted.state:
        lines = lines.filter(state=wanted.state)
    if wanted.unit:
        lines = lines.filter(unit__in=_units_like(scope, wanted))
    if wanted.node is not None:
        path = wanted.node.path
        inside = {f"node__path__{place}": code for place, code in enumerate(path)}
        lines = lines.filter(node__chain_id=wanted.node.chain_id, **inside)
    return lines.select_related("organisation", "chain", "node").order_by("organisation__uscc", "key", "pk")


def _shown(scope: Scope, wanted: Wanted) -> QuerySet[Any]:
    if wanted.side == "supply":
        return scope.supplies()
    if wanted.show == "gaps" or wanted.show.startswith(GAP):
        found = gaps(scope)
        if wanted.show.startswith(GAP):
            found = found.filter(type=wanted.show.removeprefix(GAP))
        return _of_runs(scope).filter(gap__in=found).annotate(uncovered=Max("gap__uncovered"))
    if wanted.show in set(Part):
        return _of_runs(scope).filter(pk__in=part(scope, Part(wanted.show)).values("demand_id"))
    if wanted.show in set(Cover):
        return computed(scope, Cover(wanted.show))
    return came_to(scope, Stage(wanted.show)) if wanted.show in set(Stage) else scope.demands()


def _of_runs(scope: Scope) -> QuerySet[DemandLine]:
    return DemandLine.objects.visible_to(scope.user).filter(scope.within(rounds=False))


def _units_like(scope: Scope, wanted: Wanted) -> list[str]:
    base = units.measure(wanted.unit).base
    written = scope.lines(wanted.side).order_by().values_list("unit", flat=True).distinct()
    return [other for other in written if units.measure(other).base == base]
