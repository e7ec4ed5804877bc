"""The rows behind a figure: the same questions that the figures ask, as lists of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from matching.chains.models import ChainNode
from matching.overview.queries.lines import Cover, Stage, came_to, computed, gaps
from matching.overview.queries.scope import Scope

GAP = "gap-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; ``show`` is a ``Stage``, a ``Cover``, ``gaps``, or ``gap-`` and a kind of gap."""

    side: str = "demand"
    state: str = ""
    show: str = ""
    node: ChainNode | None = None


def behind(scope: Scope, wanted: Wanted) -> QuerySet[Any]:
    """Visible lines behind a figure, with firm, chain and node; lines of gaps have ``uncovered``."""
    lines = _shown(scope, wanted)
    if wanted.state:
        lines = lines.filter(state=wanted.state)
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
        lines = type(scope)(scope.user, scope.chain, scope.city, None, scope.runs).demands()
        return lines.filter(gap__in=found).annotate(uncovered=Max("gap__uncovered"))
    if wanted.show in set(Cover):
        return computed(scope, Cover(wanted.show))
    return came_to(scope, Stage(wanted.show)) if wanted.show in set(Stage) else scope.demands()
