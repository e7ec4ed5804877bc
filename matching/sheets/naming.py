"""How chains, nodes and regions are named in cells: what drop-downs offer is what is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from matching.sheets.types import ChainWord, NodeWord, RegionWord, Vocabulary

STEP = " / "
"""Between the names of a node's path where its own name is not enough."""


class Names:
    """Names by code in one language."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.vocabulary = vocabulary
        self.english = language.startswith("en")

    @cached_property
    def chains(self) -> dict[str, str]:
        """Name of each chain."""
        return {chain.code: self._chain(chain) for chain in self.vocabulary.chains}

    @cached_property
    def nodes(self) -> dict[tuple[str, str], str]:
        """Name of each node by the codes of its chain and itself: its own where the chain has it once."""
        return {
            (chain.code, code): name for chain in self.vocabulary.chains for code, name in self._nodes(chain)
        }

    @cached_property
    def regions(self) -> dict[str, RegionWord]:
        """Each region."""
        return {region.code: region for region in self.vocabulary.regions}

    def leaves(self, chain: ChainWord) -> list[str]:
        """Names of the nodes that have none below them, in the order of the tree."""
        above = {node.path[:-1] for node in chain.nodes}
        return [self.nodes[chain.code, node.code] for node in chain.nodes if node.path not in above]

    def place(self, code: str) -> str:
        """A region as offices write it: 山西省太原市; the code where it is not known."""
        return "".join(self.regions[code].path) if code in self.regions else code

    def _chain(self, chain: ChainWord) -> str:
        return (chain.english if self.english else "") or chain.name

    def _path(self, node: NodeWord) -> tuple[str, ...]:
        return (node.english if self.english else ()) or node.path

    def _nodes(self, chain: ChainWord) -> Iterator[tuple[str, str]]:
        times = Counter(self._path(node)[-1] for node in chain.nodes)
        for node in chain.nodes:
            path = self._path(node)
            yield node.code, path[-1] if times[path[-1]] == 1 else STEP.join(path)
