"""Similar products of others while a line is being typed, as far as a firm may know them.

A firm that types a need sees offers, one that types an offer sees needs; verified and valid ones of others,
never a confidential need. It learns a product of the chain, a city, grades of a supplier and a word on how
close, each once: no name, no title, no score, no number of firms.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Grade
from matching import artefacts, kinds
from matching.chains.models import ChainNode, NodeLevel
from matching.chains.queries import city_name, region_names
from matching.engine.artefact import Damaged
from matching.engine.similar import Closeness, Titles, Typed
from matching.engine.text import clean
from matching.lists.live import IndexedSide, LiveIndex
from matching.lists.models import DemandLine, SupplyLine

SHOWN = 6
_OPEN = 64
_READ = ("title", "organisation__region", "node__name_zh", "node__name_en")

logger = logging.getLogger(__name__)


class Listed(NamedTuple):
    """One list of a chain."""

    chain: str
    kind: str
    side: IndexedSide


@dataclass(frozen=True, slots=True)
class Similar:
    """A product that somebody offers or needs."""

    product: str
    city: str
    grades: tuple[str, ...]
    closeness: Closeness


def similar(user: User, listed: Listed, typed: Typed) -> list[Similar]:
    """The closest lines of others on that list, each product of a city once."""
    titles = open_titles(listed)
    if titles is None:
        return []
    near = titles.closest(typed, kinds.get(listed.kind).policy)
    lines = _lines(user, listed).in_bulk([each.key for each in near])
    found = [(lines[each.key], each.closeness) for each in near if each.key in lines]
    cities = region_names({line.organisation.region[:4] for line, _closeness in found})
    names = _names(listed.chain) if any(line.node is None for line, _closeness in found) else ()
    shown: dict[tuple[Any, ...], Similar] = {}
    for line, closeness in found:
        told = _told(line, cities, closeness, names)
        shown.setdefault((told.product, told.city, told.grades), told)
    return list(shown.values())[:SHOWN]


def searchable(listed: Listed) -> QuerySet[Any]:
    """Lines of a list that others may come across; a confidential need is none of them."""
    on = timezone.localdate()
    if listed.side == IndexedSide.SUPPLY:
        return SupplyLine.objects.matchable(chain=listed.chain, kind=listed.kind, on=on)
    return DemandLine.objects.matchable(chain=listed.chain, kind=listed.kind, on=on).filter(
        confidential=False
    )


def _lines(user: User, listed: Listed) -> QuerySet[Any]:
    """The index may be a minute old: what a line is now decides whether it is shown."""
    others = searchable(listed).exclude(organisation__in=user.firms())
    shown = others.select_related("organisation", "node").only(*_READ)
    return shown.prefetch_related("organisation__grades") if listed.side == IndexedSide.SUPPLY else shown


def _names(chain: str) -> Sequence[tuple[str, str]]:
    """Names of the chain's products in either language, each with the reader's; the longest first."""
    nodes = ChainNode.objects.filter(chain_id=chain).exclude(level=NodeLevel.STREAM)
    names = [(clean(name), node.name) for node in nodes for name in (node.name_zh, node.name_en) if name]
    return sorted(names, key=lambda pair: (-len(pair[0]), pair))


def _product(line: Any, names: Sequence[tuple[str, str]]) -> str:
    """The chain's word for a product; of a line without a place, one that stands in its title."""
    if line.node is not None:
        return str(line.node.name)
    title = clean(line.title)
    return next((name for written, name in names if written in title), _("product not placed in the chain"))


def _told(
    line: Any, cities: dict[str, str], closeness: Closeness, names: Sequence[tuple[str, str]]
) -> Similar:
    # A firm's own words may name it, so the chain's word for the product stands for its title.
    grades: Iterable[str] = ()
    if isinstance(line, SupplyLine):
        grades = line.organisation.valid_grades(timezone.localdate())
    return Similar(
        product=_product(line, names),
        city=city_name(line.organisation.region, cities) or cities.get(line.organisation.region[:4], ""),
        grades=tuple(sorted(str(Grade(grade).label) for grade in grades)),
        closeness=closeness,
    )


_held: OrderedDict[Listed, tuple[str, Titles]] = OrderedDict()
_opening: set[str] = set()
_lock = Lock()


def open_titles(listed: Listed) -> Titles | None:
    """The newest index that this process has open; None where there is none.

    A newer one is opened beside, so that nobody waits for it: until then the older one answers.
    """
    chain, kind, side = listed
    name = LiveIndex.objects.filter(chain=chain, kind=kind, side=side).values_list("name", flat=True).first()
    if not name:
        return None
    with _lock:
        held = _held.get(listed)
        if held is not None:
            _held.move_to_end(listed)
        if held is not None and (held[0] == name or name in _opening):
            return held[1]
        _opening.add(name)
    if held is None:
        return _open(listed, name)
    Thread(target=_open, args=(listed, name), daemon=True).start()
    return held[1]


def _open(listed: Listed, name: str) -> Titles | None:
    try:
        titles = Titles(artefacts.mapped(name))
    except FileNotFoundError:
        logger.warning("the index %s is missing", name)
        return None
    except Damaged:
        # The task that keeps the index fresh writes again what is missing.
        logger.warning("the index %s is damaged and deleted", name)
        artefacts.delete(name)
        return None
    finally:
        _opening.discard(name)
    with _lock:
        _held[listed] = (name, titles)
        while len(_held) > _OPEN:
            _held.popitem(last=False)
    return titles


def forget() -> None:
    """Close all indexes."""
    with _lock:
        _held.clear()
