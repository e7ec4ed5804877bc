"""Statistics for everybody: of the newest published lists, and nothing that one or two firms stand behind.

Only counts are told. Quantities, prices and capacities never are: one large firm could be read from them
however many others stand beside it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from django.core.cache import caches
from django.db.models import Count
from django.db.models.functions import Substr
from django.utils import timezone

from matching.lists.models import DemandLine, SupplyLine
from matching.overview.anonymity import hidden, told
from matching.overview.queries.public_agreements import Counts, public_agreements
from matching.runs.models import FrozenLine, Gap, Match, MatchingList, Side

KEPT_SECONDS = 3600
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand lines and those with a match; None where too few firms stand behind them."""

    lines: int | None
    covered: int | None


@dataclass(frozen=True, slots=True)
class OfChain:
    """What one chain's newest list tells; ``supplies``, ``matches`` and ``gaps`` as in ``Demand``."""

    chain: str
    number: int
    published_at: datetime
    demand: Demand
    supplies: int | None
    matches: int | None
    gaps: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of the newest published lists of all chains."""

    chains: tuple[OfChain, ...] = ()
    cities: Mapping[str, Demand] = field(default_factory=dict)
    gaps: Mapping[str, int | None] = field(default_factory=dict)
    leader_firms: int | None = None
    member_firms: int | None = None
    demand: Demand = Demand(None, None)
    supplies: int | None = None
    agreements: Counts = field(default_factory=dict)


def statistics() -> Statistics:
    """Statistics of today's published lists; kept in memory, since those never change.

    With them agreements of the chains that have published one.
    """
    newest = list(
        MatchingList.objects.order_by("chain_id", "-created_at")
        .distinct("chain_id")
        .values_list("run_id", "chain_id", "number", "created_at", "matches", "gaps")
    )
    name = hashlib.sha256(",".join(sorted(str(row[0]) for row in newest)).encode()).hexdigest()
    found: Statistics | None = caches["process"].get(f"statistics-{name}")
    if found is None:
        found = _count(newest) if newest else Statistics()
        caches["process"].set(f"statistics-{name}", found, KEPT_SECONDS)
    published = {row[1] for row in newest}
    agreed = public_agreements(timezone.localdate()) if newest else {}
    return replace(found, agreements={chain: agreed[chain] for chain in agreed if chain in published})


def _count(newest: list[tuple[Any, ...]]) -> Statistics:
    runs = [row[0] for row in newest]
    demands = DemandLine.objects.filter(pk__in=_frozen(runs, Side.NEED)).order_by()
    supplies = SupplyLine.objects.filter(pk__in=_frozen(runs, Side.OFFER)).order_by()
    covered = demands.filter(pk__in=Match.objects.filter(run_id__in=runs, listed=True).values("demand_id"))
    asked, offered, met = (_grouped(rows, "chain_id") for rows in (demands, supplies, covered))
    quiet_demand, quiet_supply = hidden(_firms(asked)), hidden(_firms(offered))
    city = Substr("organisation__region", 1, 4)
    leader_firms, member_firms = _all(demands), _all(supplies)
    return Statistics(
        chains=tuple(
            _of_chain(row, asked, met, offered, quiet_demand=quiet_demand, quiet_supply=quiet_supply)
            for row in newest
        ),
        cities=_by_city(_grouped(demands, city), _grouped(covered, city)),
        gaps=_by_type(runs),
        leader_firms=told(leader_firms, leader_firms),
        member_firms=told(member_firms, member_firms),
        demand=Demand(
            told(_lines(asked), leader_firms),
            told(_lines(met), leader_firms),
        ),
        supplies=told(_lines(offered), member_firms),
    )


def _frozen(runs: list[uuid.UUID], side: Side) -> Any:
    return FrozenLine.objects.filter(run_id__in=runs, side=side).values("line_id")


def _grouped(rows: Any, by: Any) -> dict[Any, tuple[int, int]]:
    """Lines and firms by group."""
    counted = rows.values_list(by).annotate(Count("pk"), Count("organisation_id", distinct=True))
    return {group: (lines, firms) for group, lines, firms in counted}


def _firms(grouped: Mapping[K, tuple[int, int]]) -> dict[K, int]:
    return {group: firms for group, (_lines, firms) in grouped.items()}


def _lines(grouped: Mapping[K, tuple[int, int]]) -> int:
    return sum(lines for lines, _firms in grouped.values())


def _all(rows: Any) -> int:
    found: int = rows.aggregate(firms=Count("organisation_id", distinct=True))["firms"]
    return found


def _of_chain(
    row: tuple[Any, ...],
    asked: Mapping[str, tuple[int, int]],
    met: Mapping[str, tuple[int, int]],
    offered: Mapping[str, tuple[int, int]],
    *,
    quiet_demand: Iterable[str],
    quiet_supply: Iterable[str],
) -> OfChain:
    _run, chain, number, published_at, matches, gaps = row
    no_demand, no_supply = chain in quiet_demand, chain in quiet_supply
    nothing = (0, 0)
    return OfChain(
        chain=chain,
        number=number,
        published_at=published_at,
        demand=_demand(asked.get(chain, nothing)[0], met.get(chain, nothing)[0], quiet=no_demand),
        supplies=None if no_supply else offered.get(chain, nothing)[0],
        matches=None if no_demand or no_supply else matches,
        gaps=None if no_demand else gaps,
    )


def _demand(lines: int, covered: int, *, quiet: bool) -> Demand:
    return Demand(None, None) if quiet else Demand(lines, covered)


def _by_city(asked: Mapping[str, tuple[int, int]], met: Mapping[str, tuple[int, int]]) -> dict[str, Demand]:
    quiet = hidden(_firms(asked))
    return {
        city: _demand(lines, met.get(city, (0, 0))[0], quiet=city in quiet)
        for city, (lines, _firms) in sorted(asked.items())
    }


def _by_type(runs: list[uuid.UUID]) -> dict[str, int | None]:
    rows = Gap.objects.filter(run_id__in=runs).order_by().values_list("type")
    counted = rows.annotate(Count("pk"), Count("demand__organisation_id", distinct=True))
    return by_type({kind: (lines, firms) for kind, lines, firms in counted})


def by_type(counted: Mapping[str, tuple[int, int]]) -> dict[str, int | None]:
    """Gaps by type, from lines and firms of each: the most frequent first, then those that stay untold.

    A hidden one's place among the others would tell between which numbers its own lies.
    """
    quiet = hidden(_firms(counted))
    found = {kind: None if kind in quiet else lines for kind, (lines, _firms) in counted.items()}
    return dict(sorted(found.items(), key=lambda item: (item[1] is None, -(item[1] or 0), item[0])))
