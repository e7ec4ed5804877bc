"""The figures of a scope: read once, told as charts, as a map and as large numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.agreements.amounts import Kind, Total
from matching.chains.models import Chain
from matching.overview import queries
from matching.overview.cities import city_names
from matching.overview.queries import Coverage, LeaderFirm, Node, Point, Quantity, Scope, Stage
from matching.overview.queries.lines import supplies_by_node


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a page of figures shows; ``names`` are those of the groups, in their order."""

    scope: Scope
    names: Mapping[str, str]
    demand: Mapping[str, Mapping[str, int]]
    supply: Mapping[str, Mapping[str, int]]
    leader_firms: int
    member_firms: int
    coverage: Mapping[str, Coverage]
    streams: list[Node]
    stages: Mapping[Stage, int]
    quantities: list[Quantity]
    gaps: Mapping[str, int]
    points: list[Point]
    agreed: Mapping[Kind, Total]
    leaders: list[LeaderFirm]

    @property
    def kinds(self) -> list[Total]:
        """Agreements of each kind."""
        return list(self.agreed.values())

    @property
    def demands(self) -> int:
        """Visible demand lines."""
        return sum(sum(states.values()) for states in self.demand.values())

    @property
    def supplies(self) -> int:
        """Visible supply lines."""
        return sum(sum(states.values()) for states in self.supply.values())

    @property
    def covered(self) -> Coverage:
        """Of all groups."""
        return sum(self.coverage.values(), Coverage())


def read(scope: Scope) -> Figures:
    """All figures of a scope; a constant number of queries."""
    demand, supply = (queries.by_state(scope, side) for side in ("demand", "supply"))
    by_place = queries.coverage(scope)
    coverage: dict[str, Coverage] = {}
    by_node: dict[int, Coverage] = {}
    for (group, node), found in by_place.items():
        coverage[group] = coverage.get(group, Coverage()) + found
        if node is not None:
            by_node[node] = by_node.get(node, Coverage()) + found
    streams = []
    if scope.chain is not None:
        streams = queries.chain_map(scope.chain, by_node, supplies_by_node(scope))
    return Figures(
        scope=scope,
        names=_names(scope, demand.keys() | supply.keys() | coverage.keys()),
        demand=demand,
        supply=supply,
        leader_firms=queries.firms(scope, "demand"),
        member_firms=queries.firms(scope, "supply"),
        coverage=coverage,
        streams=streams,
        stages=queries.funnel(scope),
        quantities=queries.quantities(scope),
        gaps=queries.gaps_by_type(scope),
        points=queries.trend(scope),
        agreed=queries.agreed_on(scope),
        leaders=queries.by_leader_firm(scope),
    )


def _names(scope: Scope, groups: set[str]) -> dict[str, str]:
    if not scope.by_city:
        return {chain.pk: chain.name for chain in Chain.objects.all() if chain.pk in groups}
    names = city_names(groups)
    return {code: names[code] for code in sorted(groups)}
