"""From lists and matches to arrays: which pairs could carry an order, and which groups they fall into."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from matching.engine import units
from matching.engine.allocation.pool import Ints, Pool
from matching.engine.allocation.scale import exponents_of, steps, wanted_steps, within
from matching.engine.allocation.worth import bonus, suppliers_left, urgency
from matching.engine.demand import monthly_quantity, order_months
from matching.engine.types import Need, NeedResult, Offer, Policy

Agreed = Mapping[str, Collection[str]]
"""Need key → firms with which it has an agreement already."""


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The pool of a run and what its positions mean.

    ``asked`` and ``group`` are by need: its quantity a month in the base unit, and the group that it is in.
    ``steps`` is by group: the quantity in the base unit that one step is.
    """

    pool: Pool
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    asked: tuple[Decimal, ...]
    group: Ints
    steps: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """An offer with free capacity, in the base unit; ``least`` is its smallest order."""

    offer: Offer
    base: str
    free: Decimal
    least: Decimal
    firm: int
    bonus: int


@dataclass(slots=True)
class _Pairs:
    """What is collected need by need; the last four lists are by pair."""

    needs: list[Need] = field(default_factory=list)
    asked: list[Decimal] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)
    sides: dict[str, _Side] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    need: list[int] = field(default_factory=list)
    offer: list[int] = field(default_factory=list)
    worth: list[int] = field(default_factory=list)
    firm: list[int] = field(default_factory=list)


def open_market(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    results: Iterable[NeedResult],
    policy: Policy,
    agreed: Agreed,
    aliases: units.UnitAliases,
) -> Market:
    """The pairs that could carry an order, whatever the order of the arguments' items.

    A need counts if it states a quantity, an offer if it states free capacity in a unit that compares.
    """
    found = {result.need: result for result in results}
    sides = _Sides(offers, policy, aliases)
    pairs = _Pairs()
    for need in sorted(needs, key=lambda need: need.key):
        if need.key in found:
            _collect(pairs, need, found[need.key], sides, policy, agreed.get(need.key, ()))
    return _as_arrays(pairs)


class _Sides:
    """Offers as they are asked for, each looked at once; many have their unit and grades in common."""

    def __init__(self, offers: Iterable[Offer], policy: Policy, aliases: units.UnitAliases) -> None:
        self._offers = {offer.key: offer for offer in offers}
        self._policy = policy
        self._aliases = aliases
        self._seen: dict[str, _Side | None] = {}
        self._firms: dict[str, int] = {}
        self._measures: dict[str, units.Measure] = {}
        self._bonuses: dict[object, int] = {}

    def measure(self, unit: str) -> units.Measure:
        """What a written unit means."""
        if unit not in self._measures:
            self._measures[unit] = units.measure(unit, self._aliases)
        return self._measures[unit]

    def get(self, key: str) -> _Side | None:
        """The offer with its numbers; None where it is unknown or has nothing to give."""
        if key not in self._seen:
            self._seen[key] = self._side(self._offers.get(key))
        return self._seen[key]

    def _side(self, offer: Offer | None) -> _Side | None:
        if offer is None or offer.free_capacity is None or offer.free_capacity <= 0:
            return None
        measure = self.measure(offer.unit)
        if measure.offset:
            return None
        firm = self._firms.setdefault(offer.firm, len(self._firms))
        least = measure.to_base(offer.minimum_order) if offer.minimum_order else Decimal(0)
        free = measure.to_base(offer.free_capacity)
        return _Side(offer, measure.base, free, least, firm, self._bonus(offer))

    def _bonus(self, offer: Offer) -> int:
        reasons = (offer.grades, offer.first_of_kind, offer.region)
        if reasons not in self._bonuses:
            self._bonuses[reasons] = bonus(offer, self._policy)
        return self._bonuses[reasons]


def _collect(
    pairs: _Pairs,
    need: Need,
    result: NeedResult,
    sides: _Sides,
    policy: Policy,
    agreed: Collection[str],
) -> None:
    monthly = monthly_quantity(need)
    if monthly is None or monthly <= 0:
        return
    measure = sides.measure(need.unit)
    asked = measure.to_base(monthly)
    slots, months, covered = suppliers_left(need, policy, agreed), order_months(need), urgency(need)
    before = len(pairs.need)
    for candidate in sorted(result.matches, key=lambda match: _lot(need.key, match.offer)):
        side = sides.get(candidate.offer)
        if side is None or side.base != measure.base or side.least > min(asked, side.free) * months:
            continue
        joined = side.offer.firm in agreed
        if not joined and slots == 0:
            continue
        pairs.need.append(len(pairs.needs))
        pairs.offer.append(pairs.places.setdefault(candidate.offer, len(pairs.places)))
        pairs.sides[candidate.offer] = side
        pairs.worth.append(covered + candidate.score + side.bonus)
        pairs.firm.append(-1 if joined else side.firm)
    if len(pairs.need) > before:
        pairs.needs.append(need)
        pairs.asked.append(asked)
        pairs.slots.append(slots)


def _lot(need: str, offer: str) -> bytes:
    """Equally good offers come in this order, so that no firm gains by its number."""
    return hashlib.sha256(f"{need}\n{offer}".encode()).digest()


def _as_arrays(pairs: _Pairs) -> Market:
    sides = list(pairs.sides.values())
    need, offer = np.array(pairs.need, dtype=np.int64), np.array(pairs.offer, dtype=np.int64)
    group = _groups(need, offer, len(pairs.needs), len(sides))
    free = within([side.free for side in sides], offer, pairs.asked, need)
    wanted = within(pairs.asked, need, free, offer)
    need_group, offer_group = np.zeros(len(wanted), np.int64), np.zeros(len(free), np.int64)
    need_group[need], offer_group[offer] = group, group
    exponents = exponents_of([*wanted, *free], [*need_group.tolist(), *offer_group.tolist()])
    months = np.array([order_months(each) for each in pairs.needs], dtype=np.int64)
    least = steps([side.least for side in sides], offer_group, exponents, ROUND_CEILING)[offer]
    pool = Pool(
        wanted=wanted_steps(wanted, need_group, exponents),
        slots=np.array(pairs.slots, dtype=np.int64),
        free=steps(free, offer_group, exponents, ROUND_FLOOR),
        need=need,
        offer=offer,
        worth=np.array(pairs.worth, dtype=np.int64),
        # An order is for so many months; dividing what is rounded up and rounding up again is exact.
        least=np.maximum(1, -(-least // months[need])),
        firm=np.array(pairs.firm, dtype=np.int64),
    )
    return Market(
        pool,
        tuple(pairs.needs),
        tuple(side.offer for side in sides),
        tuple(pairs.asked),
        need_group,
        tuple(Decimal(1).scaleb(exponent) for exponent in exponents),
    )


def _groups(need: Ints, offer: Ints, needs: int, offers: int) -> Ints:
    """By pair: the number of its connected group."""
    # Part of SciPy, whose import costs web processes more than they should pay.
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    size = needs + offers
    graph = sparse.coo_array((np.ones(len(need), dtype=np.int8), (need, needs + offer)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels, dtype=np.int64)[need]
