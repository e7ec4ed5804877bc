"""The chain map as it is shown: for each node its name, its counts in words and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.overview.figures import Figures
from matching.overview.portal.told import address
from matching.overview.queries import Node
from matching.overview.queries.tree import Tone


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the map; ``counts`` is empty where nobody asks for it or offers it."""

    id: int
    name: str
    tone: Tone
    counts: str
    href: str
    children: tuple[Place, ...]


def places(figures: Figures) -> tuple[Place, ...]:
    """Streams with their segments and products. Words are looked up once: a chain has hundreds of nodes."""
    base = address(figures.scope)
    joint = "&" if "?" in base else "?"
    words = _words()

    def place(item: Node) -> Place:
        wanted = "show=computed" if item.coverage.demands else "side=supply"
        return Place(
            id=item.node.pk,
            name=item.node.name,
            tone=item.tone,
            counts=words(item),
            href=f"{base}{joint}node={item.node.pk}&{wanted}",
            children=tuple(place(child) for child in item.children),
        )

    return tuple(place(stream) for stream in figures.streams)


def _words() -> Callable[[Node], str]:
    covered, quiet = _("%(covered)s of %(demands)s covered"), _("no demand, supply %(supplies)s")

    def told(item: Node) -> str:
        found = item.coverage
        if found.demands:
            written = covered % {"covered": found.covered, "demands": found.demands}
            return f"{written} · {item.percent}%"
        return quiet % {"supplies": item.supplies} if item.supplies else ""

    return told
