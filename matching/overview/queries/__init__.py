"""Page-shaped reads across all rooms."""

from __future__ import annotations

from matching.overview.queries.agreed import LeaderFirm, by_leader_firm
from matching.overview.queries.agreed import agreed as agreed_on
from matching.overview.queries.chains import ChainFigures, chain_figures
from matching.overview.queries.lines import (
    Cover,
    Coverage,
    Stage,
    by_state,
    came_to,
    computed,
    coverage,
    firms,
    funnel,
    gaps,
    gaps_by_type,
    supplies_by_node,
)
from matching.overview.queries.quantities import Part, Quantity, quantities
from matching.overview.queries.rows import Wanted, behind
from matching.overview.queries.scope import Scope, scope_of
from matching.overview.queries.tree import Node, chain_map
from matching.overview.queries.trend import Point, trend

__all__ = (
    "ChainFigures",
    "Cover",
    "Coverage",
    "LeaderFirm",
    "Node",
    "Part",
    "Point",
    "Quantity",
    "Scope",
    "Stage",
    "Wanted",
    "agreed_on",
    "behind",
    "by_leader_firm",
    "by_state",
    "came_to",
    "chain_figures",
    "chain_map",
    "computed",
    "coverage",
    "firms",
    "funnel",
    "gaps",
    "gaps_by_type",
    "quantities",
    "scope_of",
    "supplies_by_node",
    "trend",
)
