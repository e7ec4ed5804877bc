"""The figures that offices report; intents, samples, quotes and contracts are never added up."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from matching.agreements.amounts import Kind, Total, totals
from matching.agreements.models import Result
from matching.agreements.states import IN_FORCE
from matching.chains.models import Chain
from matching.chains.queries import region_names
from matching.lists.models import DemandLine
from matching.papers.queries.hiding import LEAST_FIRMS
from matching.papers.queries.summary.extent import Extent

_CEILING: Any = DemandLine._meta.get_field("price_ceiling")
_SIGNED = frozenset({Kind.INTENT, Kind.CONTRACT})


@dataclass(frozen=True, slots=True)
class Figures:
    """``demand_value`` is CNY a month at the ceilings named, of ``priced`` demands; None where fewer than
    three leader firms named one: it would tell a firm's. ``signed`` counts pairs with an intent or contract.
    """

    leader_firms: int = 0
    member_firms: int = 0
    demands: int = 0
    demand_value: Decimal | None = None
    priced: int = 0
    arranged: int = 0
    met: int = 0
    signed: int = 0
    delivered: int = 0
    agreed: Mapping[Kind, Total] = field(default_factory=lambda: totals(()))

    @property
    def kinds(self) -> list[Total]:
        """Agreements of each kind."""
        return list(self.agreed.values())

    @property
    def intents(self) -> Total:
        """Agreements of that kind."""
        return self.agreed[Kind.INTENT]

    @property
    def contracts(self) -> Total:
        """Agreements of that kind."""
        return self.agreed[Kind.CONTRACT]


@dataclass(frozen=True, slots=True)
class _Pair:
    id: uuid.UUID
    group: str
    demand: uuid.UUID
    buyer: uuid.UUID
    seller: uuid.UUID
    quantity: Decimal | None
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class _Facts:
    pairs: list[_Pair]
    talks: Mapping[uuid.UUID, str | None]
    agreements: list[tuple[uuid.UUID, str, bool, Decimal | None]]
    delivered: set[uuid.UUID]


def figures(extent: Extent) -> tuple[Figures, dict[str, Figures]]:
    """Of the whole extent, and of each chain, or of each city of leader firms; four queries.

    The value of demands is told of the whole alone.
    """
    facts = _read(extent)
    groups: dict[str, list[_Pair]] = {}
    for pair in facts.pairs:
        groups.setdefault(pair.group, []).append(pair)
    by_group = {group: _count(groups[group], facts) for group in sorted(groups)}
    return _count(facts.pairs, facts, with_value=True), by_group


def group_names(extent: Extent, groups: Iterable[str]) -> dict[str, str]:
    """Names of cities or chains by code; one query."""
    if extent.by_city:
        return region_names(set(groups))
    return {chain.pk: str(chain) for chain in Chain.objects.filter(pk__in=list(groups))}


def _read(extent: Extent) -> _Facts:
    chain, region = "demand__chain_id", "demand__organisation__region"
    told = extent.pairs().values_list(
        *("pk", region if extent.by_city else chain, "demand_id", "demand__organisation_id"),
        *("supply__organisation_id", "demand__quantity", "demand__price_ceiling"),
    )
    agreements = extent.agreements().filter(state__in=sorted(IN_FORCE)).order_by()
    return _Facts(
        pairs=[_Pair(pk, group[:4] if extent.by_city else group, *rest) for pk, group, *rest in told],
        talks=dict(extent.talks().order_by().values_list("review_id", "outcome__result")),
        agreements=list(agreements.values_list("review_id", "kind", "tax_included", "amount")),
        delivered=set(extent.deliveries().order_by().values_list("review_id", flat=True)),
    )


def _count(pairs: list[_Pair], facts: _Facts, *, with_value: bool = False) -> Figures:
    ids = {pair.id for pair in pairs}
    demands = {pair.demand: pair for pair in pairs}
    agreed = [row for row in facts.agreements if row[0] in ids]
    value, priced = _value(demands.values()) if with_value else (None, 0)
    return Figures(
        leader_firms=len({pair.buyer for pair in pairs}),
        member_firms=len({pair.seller for pair in pairs}),
        demands=len(demands),
        demand_value=value,
        priced=priced,
        arranged=sum(pk in facts.talks for pk in ids),
        met=sum(facts.talks.get(pk) not in (None, Result.NO_SHOW) for pk in ids),
        signed=len({pk for pk, kind, *_rest in agreed if kind in _SIGNED}),
        delivered=len(ids & facts.delivered),
        agreed=totals(_sums(agreed)),
    )


def _sums(agreed: Iterable[tuple[Any, str, bool, Decimal | None]]) -> Iterable[Any]:
    for _pk, kind, tax_included, amount in agreed:
        yield kind, tax_included, amount, 1, int(amount is not None)


def _value(demands: Iterable[_Pair]) -> tuple[Decimal | None, int]:
    priced = [need for need in demands if need.quantity is not None and need.sealed is not None]
    worth = [(need.buyer, need.quantity * _CEILING.open(need.sealed, need.demand)) for need in priced]
    if len({buyer for buyer, _value in worth}) < LEAST_FIRMS:
        return None, 0
    return sum((value for _buyer, value in worth), Decimal(0)), len(worth)
