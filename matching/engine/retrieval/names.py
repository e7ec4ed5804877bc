"""Plain names of products: how alike two are, and the chain node that a name is filed under.

Firms leave the node out or take a neighbouring one; how all of them name what they file there tells
better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels
from matching.engine.retrieval.columns import string, strings_at
from matching.engine.text import GlossaryIndex, tokens

Node = tuple[str, ...]
Weigh = Callable[[str], int]

_CLEAR_SHARE, _CLEAR_LEAD = 40, 150
"""Percent of a name's weight that its node must hold, and percent of the next node's share."""
_NO_WORDS = GlossaryIndex()
_NOBODYS = -2
_USES = ("uses_at", "use_node", "use_times", "totals")
ARRAYS = (*_USES, "weights", "rare", "name_at", "names", "stated", "told", "text", "text_at")


@dataclass(frozen=True)
class Names:
    """The names of all offers as numbers of words, the nodes they state and the nodes they tell."""

    words: Mapping[str, int]
    nodes: tuple[Node, ...]
    arrays: Mapping[str, NDArray[Any]]

    def name(self, position: int) -> str:
        """The plain name of an offer."""
        return string(self.arrays["text"], self.arrays["text_at"], position)

    def stated(self, position: int) -> Node:
        """The node that an offer states, empty where none."""
        return self._node(int(self.arrays["stated"][position]))

    def states(self, node: Node, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these offers state this very node."""
        found: NDArray[np.bool_] = self.arrays["stated"][positions] == self._numbers.get(node, _NOBODYS)
        return found

    @cached_property
    def _numbers(self) -> Mapping[Node, int]:
        return {node: number for number, node in enumerate(self.nodes)}

    def told(self, position: int) -> Node:
        """The node that an offer's name is filed under, empty where that is not clear."""
        return self._node(int(self.arrays["told"][position]))

    def told_by(self, name: str) -> Node:
        """The node under which the offers use the words of any name; empty where that is not clear."""
        known, unknown = self._known(name)
        found = kernels.told_nodes(
            np.array([0, known.size], np.int64),
            known,
            self.arrays["weights"],
            np.array([unknown], np.int64),
            *(self.arrays[use] for use in _USES),
            len(self.nodes),
            _CLEAR_SHARE,
            _CLEAR_LEAD,
        )
        return self._node(int(found[0]))

    def likeness(self, name: str, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """How far a name and those of some offers consist of the same words, in basis points."""
        known, unknown = self._known(name)
        weight = int(self.arrays["weights"][known].sum()) + unknown
        arrays = (self.arrays[part] for part in ("name_at", "names", "weights"))
        found: NDArray[np.int64] = kernels.likeness(known, weight, positions, *arrays)
        return found

    def _known(self, name: str) -> tuple[NDArray[np.uint32], int]:
        held = name_words(name)
        known = sorted(self.words[word] for word in held if word in self.words)
        return np.array(known, np.uint32), int(self.arrays["rare"][0]) * (len(held) - len(known))

    def _node(self, number: int) -> Node:
        return self.nodes[number] if number >= 0 else ()


def name_words(name: str) -> frozenset[str]:
    """The words of a plain name that tell it from others; single characters tell too little."""
    return frozenset(token for token in tokens(name, _NO_WORDS) if len(token) > 1) or frozenset({name})


def index_names(names: Sequence[str], stated: Sequence[Node], weigh: Weigh) -> Names:
    """Names and nodes of offers in the order of their positions; ``weigh`` gives a word's weight."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    name_at, flat = _numbered(names, numbers)
    nodes = tuple(sorted(set(stated) - {()}))
    filed = _filed(stated, nodes)
    weights = np.array([weigh(word) for word in numbers], np.uint32)
    uses = kernels.uses(name_at, flat, filed, len(numbers), len(nodes))
    arrays = dict(zip(_USES, uses, strict=True)) | {"weights": weights, "rare": np.array([weigh("")])}
    return _told(names, Names(dict(numbers), nodes, arrays), name_at, flat, filed)


def names_beside(names: Sequence[str], stated: Sequence[Node], others: Names) -> Names:
    """Names of further offers, whose words weigh and tell nodes as they do among ``others``."""
    numbers: defaultdict[str, int] = defaultdict(count(len(others.words)).__next__, others.words)
    name_at, flat = _numbered(names, numbers)
    more = len(numbers) - len(others.words)
    nodes = (*others.nodes, *sorted(set(stated) - {(), *others.nodes}))
    arrays = {
        **others.arrays,
        "weights": np.append(others.arrays["weights"], np.repeat(others.arrays["rare"], more)),
        "uses_at": np.append(others.arrays["uses_at"], np.repeat(others.arrays["uses_at"][-1:], more)),
        "totals": np.append(others.arrays["totals"], np.zeros(more, np.int64)),
    }
    return _told(names, Names(dict(numbers), nodes, arrays), name_at, flat, _filed(stated, nodes))


def _numbered(
    names: Sequence[str], numbers: Mapping[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    known: dict[str, list[int]] = {}
    for name in names:
        if name not in known:
            known[name] = sorted(numbers[word] for word in sorted(name_words(name)))
    held = [known[name] for name in names]
    lengths = np.array([0, *(len(one) for one in held)], np.int64)
    return np.cumsum(lengths), np.fromiter((word for one in held for word in one), np.uint32)


def _filed(stated: Sequence[Node], nodes: Sequence[Node]) -> NDArray[np.int32]:
    number_of = {node: number for number, node in enumerate(nodes)}
    return np.array([number_of.get(node, -1) for node in stated], np.int32)


def _told(
    names: Sequence[str],
    among: Names,
    name_at: NDArray[np.int64],
    flat: NDArray[np.uint32],
    filed: NDArray[np.int32],
) -> Names:
    text, text_at = strings_at(names)
    uses = (among.arrays[use] for use in _USES)
    known = np.zeros(len(names), np.int64)
    told = kernels.told_nodes(
        name_at, flat, among.arrays["weights"], known, *uses, len(among.nodes), _CLEAR_SHARE, _CLEAR_LEAD
    )
    own = {"name_at": name_at, "names": flat, "stated": filed, "told": told, "text": text, "text_at": text_at}
    return Names(among.words, among.nodes, {**among.arrays, **own})
