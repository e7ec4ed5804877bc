"""Whether two lines speak of one product: by their nodes, stated and told by their names, and by the names.

Some lines state no node or a wrong one, so a node alone neither lets in nor keeps out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from matching.engine.retrieval import Hit, Names, Node
from matching.engine.text import GlossaryIndex
from matching.engine.titles import another_kind, extended, plain_name
from matching.engine.types import Policy

_LIKE = 3_300
_VERY_LIKE = 7_000
_CONFIRMED = 5_000


class _Nodes(Enum):
    SAME = "same"
    OPEN = "open"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Product:
    """A line's plain name, the node it states, and the node that its name is filed under."""

    name: str
    stated: Node
    told: Node

    def admits(self, other: Product, hit: Hit, policy: Policy) -> bool:
        """Whether a need for this product considers an offer of the other."""
        if hit.confirmed and hit.text >= _CONFIRMED:
            return True
        if another_kind(self.name, other.name):
            return False
        match self._nodes(other):
            case _Nodes.SAME:
                return True
            case _Nodes.OPEN:
                least = _VERY_LIKE if extended(self.name, other.name) else _LIKE
            case _Nodes.OTHER:
                least = _VERY_LIKE
            case _Nodes.NONE:
                least = _VERY_LIKE if extended(self.name, other.name) else 0
        return hit.text >= policy.minimum_text and hit.likeness >= least

    def _nodes(self, other: Product) -> _Nodes:
        mine, theirs = {self.stated, self.told} - {()}, {other.stated, other.told} - {()}
        if not mine and not theirs:
            # Nothing is filed that names could be told from: what the texts say has to do.
            return _Nodes.NONE
        if not mine or not theirs:
            return _Nodes.OPEN
        if not mine & theirs:
            return _Nodes.OTHER
        apart = self.told and other.told and self.told != other.told
        return _Nodes.OPEN if apart else _Nodes.SAME


def product_of(title: str, node: Node, names: Names, glossary: GlossaryIndex) -> Product:
    """What a line's title and node say of its product, in view of how a chain's offers are named."""
    name = plain_name(title, glossary)
    return Product(name, node, names.told_by(name))


def product_at(position: int, names: Names) -> Product:
    """The product of one of those offers."""
    return Product(names.name(position), names.stated(position), names.told(position))
