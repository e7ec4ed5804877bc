"""The chain map: streams, segments and products with their coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from matching.chains.models import Chain, ChainNode
from matching.overview.queries.lines import Coverage

GOOD_PERCENT = 80


class Tone(StrEnum):
    """How a node is shown: by word and pattern, not by colour alone."""

    FULL = "full"
    PART = "part"
    NONE = "none"
    QUIET = "quiet"
    """Nobody asks for it."""


@dataclass(slots=True)
class Node:
    """A node with what it and everything below it holds."""

    node: ChainNode
    coverage: Coverage = field(default_factory=Coverage)
    supplies: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """Covered share in whole percent, rounded down, so that 100 means all; None without demand."""
        return 100 * self.coverage.covered // self.coverage.demands if self.coverage.demands else None

    @property
    def tone(self) -> Tone:
        """What the share means."""
        if self.percent is None:
            return Tone.QUIET
        if self.percent >= GOOD_PERCENT:
            return Tone.FULL
        return Tone.PART if self.coverage.covered else Tone.NONE


def chain_map(chain: Chain, coverage: Mapping[int, Coverage], supplies: Mapping[int, int]) -> list[Node]:
    """Streams of a chain with segments and products, from figures by node id; one query."""
    nodes = {
        node.pk: Node(node, coverage.get(node.pk, Coverage()), supplies.get(node.pk, 0))
        for node in ChainNode.objects.filter(chain=chain).order_by("position", "pk")
    }
    roots: list[Node] = []
    for item in nodes.values():
        above = nodes.get(item.node.parent_id or 0)
        (above.children if above is not None else roots).append(item)
    for root in roots:
        _gather(root)
    return roots


def _gather(item: Node) -> None:
    for child in item.children:
        _gather(child)
        item.coverage += child.coverage
        item.supplies += child.supplies
