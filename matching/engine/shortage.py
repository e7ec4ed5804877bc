"""Why the matches of a need leave a part of it open, offer by offer, as the plan tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from matching.engine import units
from matching.engine.allocation import Agreed, suppliers_left
from matching.engine.demand import monthly_quantity, order_months
from matching.engine.types import AllocationPlan, Candidate, Need, Offer, Policy

_NEARLY = 1_000
"""An allocation consists of whole steps: less than this part of the free capacity is nothing left."""


class Hindrance(StrEnum):
    """Why an offer gives no more to a need that wants more."""

    SUPPLIERS = "suppliers"
    MINIMUM_ORDER = "minimum_order"
    USED_UP = "used_up"
    NOT_STATED = "not_stated"
    NOT_USED = "not_used"


@dataclass(frozen=True, slots=True)
class Shortage:
    """How many of a need's matches are hindered by what; ``most`` suppliers may share the need."""

    hindered: Counter[Hindrance]
    most: int


@dataclass(slots=True)
class _Stock:
    """An offer in its base unit a month; ``left`` is what the plan leaves of ``free``."""

    firm: str
    base: str
    free: Decimal
    left: Decimal
    least: Decimal


class Shortages:
    """A plan held against the lists that it was made for."""

    def __init__(
        self,
        offers: Iterable[Offer],
        plan: AllocationPlan,
        policy: Policy,
        agreed: Agreed,
        aliases: units.UnitAliases,
    ) -> None:
        self._policy, self._agreed, self._aliases = policy, agreed, aliases
        self._offers = {offer.key: offer for offer in offers}
        self._measures: dict[str, units.Measure] = {}
        self._stocks: dict[str, _Stock | None] = {}
        self._orders: dict[str, dict[str, Decimal]] = {}
        for one in plan.allocations:
            stock = self._stock(one.offer)
            if stock is not None:
                given = self._measure(self._offers[one.offer].unit).to_base(one.quantity)
                stock.left -= given
                self._orders.setdefault(one.need, {})[one.offer] = given

    def of(self, need: Need, matches: Iterable[Candidate]) -> Shortage:
        """What hinders each match of a need that states a quantity and is not covered."""
        held = self._orders.get(need.key, {})
        agreed = set(self._agreed.get(need.key, ()))
        joined = agreed | {self._offers[key].firm for key in held}
        full = len(joined - agreed) >= suppliers_left(need, self._policy, agreed)
        measure = self._measure(need.unit)
        wanted = measure.to_base(monthly_quantity(need) or Decimal(0)) - sum(held.values())
        months = order_months(need)
        hindered: Counter[Hindrance] = Counter()
        for match in matches:
            stock = self._stock(match.offer)
            if stock is None or stock.base != measure.base:
                hindered[Hindrance.NOT_STATED] += 1
            elif stock.left * _NEARLY <= stock.free:
                hindered[Hindrance.USED_UP] += 1
            elif full and stock.firm not in joined:
                hindered[Hindrance.SUPPLIERS] += 1
            elif match.offer not in held and stock.least > min(wanted, stock.left) * months:
                hindered[Hindrance.MINIMUM_ORDER] += 1
            else:
                hindered[Hindrance.NOT_USED] += 1
        return Shortage(hindered, suppliers_left(need, self._policy, ()))

    def _measure(self, unit: str) -> units.Measure:
        if unit not in self._measures:
            self._measures[unit] = units.measure(unit, self._aliases)
        return self._measures[unit]

    def _stock(self, key: str) -> _Stock | None:
        """None where the free capacity is not stated, or in a unit that quantities can't have."""
        if key not in self._stocks:
            self._stocks[key] = self._as_stock(self._offers[key])
        return self._stocks[key]

    def _as_stock(self, offer: Offer) -> _Stock | None:
        measure = self._measure(offer.unit)
        if offer.free_capacity is None or measure.offset:
            return None
        free = measure.to_base(offer.free_capacity)
        least = measure.to_base(offer.minimum_order or Decimal(0))
        return _Stock(offer.firm, measure.base, free, free, least)
