"""Quantity, minimum order and price. Their values are secret, so no sentence names one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matching.engine.conditions.base import Condition
from matching.engine.conditions.describing import in_unit_of, outcome_phrase, with_unit
from matching.engine.conditions.numbers import MET, UNKNOWN, Finding, shortfall_of
from matching.engine.conditions.reading import Reader, ReadyOffer
from matching.engine.demand import monthly_quantity
from matching.engine.types import (
    FULL_SCORE,
    ConditionKind,
    ConditionResult,
    Need,
    Outcome,
    Phrase,
    Policy,
    Verdict,
)
from matching.engine.units import show

_OTHER_UNITS = "供需双方计量单位不同", "the two sides count in different units"


@dataclass(frozen=True)
class _Quantity(Condition):
    """A quantity of the need, ``base`` and ``wanted`` being the same in base units."""

    quantity: Decimal
    unit: str
    base: str
    wanted: Decimal
    reader: Reader

    def _in_my_unit(self, value: Decimal, unit: str) -> str:
        return in_unit_of(self.reader.convert(value, unit, self.unit), self.unit, value, unit)

    @property
    def _unit(self) -> str:
        return self.unit or "units"


@dataclass(frozen=True)
class CapacityCondition(_Quantity):
    """Some free capacity is enough: what is missing others may give."""

    def find(self, offer: ReadyOffer) -> Finding:
        """Unmet only where nothing at all is free."""
        if offer.offer.free_capacity is None:
            return UNKNOWN
        if offer.offer.free_capacity <= 0:
            return Outcome.UNMET, FULL_SCORE
        base, free = offer.free
        if base != self.base:
            return UNKNOWN
        return MET if free >= self.wanted else (Outcome.MET, shortfall_of(self.wanted - free, self.wanted))

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """Quantities per month."""
        text, question = self._words(offer, verdict)
        wanted = with_unit(show(self.quantity), self.unit) + "/月"
        free = offer.offer.free_capacity
        offered = "" if free is None else self._in_my_unit(free, offer.offer.unit) + "/月"
        sentence = outcome_phrase(("产能", "Capacity"), text, verdict.outcome)
        return self._told(verdict, wanted, offered, sentence, question)

    def _words(self, offer: ReadyOffer, verdict: Verdict) -> tuple[tuple[str, str], Phrase | None]:
        if offer.offer.free_capacity is None:
            unit = offer.offer.unit or self.unit
            question = Phrase(
                f"请补充该产品每月可用的空闲产能（单位：{unit or '件'}）。",
                f"Please state the free capacity per month (in {unit or 'pieces'}).",
            )
            return ("供方未填写空闲产能", "free capacity not stated"), question
        match verdict.outcome:
            case Outcome.UNMET:
                return ("供方目前没有空闲产能", "no free capacity at present"), None
            case Outcome.UNKNOWN:
                question = Phrase(
                    f"需方以“{self.unit}”计量，请按该单位补充每月空闲产能。",
                    f"The demand is counted in {self._unit}; please state the free capacity in that unit.",
                )
                return _OTHER_UNITS, question
        if verdict.shortfall is None:
            return ("空闲产能可满足全部月需求", "free capacity covers the whole monthly demand"), None
        return ("空闲产能可满足部分月需求", "free capacity covers part of the monthly demand"), None


@dataclass(frozen=True)
class MinimumOrderCondition(_Quantity):
    """One order covers the period that the need counts by; no minimum stated is no restriction."""

    def find(self, offer: ReadyOffer) -> Finding | None:
        """None where the offer states no minimum."""
        if offer.offer.minimum_order is None or offer.offer.minimum_order <= 0:
            return None
        base, least = offer.minimum
        if base != self.base:
            return UNKNOWN
        return MET if self.wanted >= least else (Outcome.UNMET, shortfall_of(least - self.wanted, least))

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """Quantities an order."""
        question = None
        match verdict.outcome:
            case Outcome.UNKNOWN:
                text = _OTHER_UNITS
                question = Phrase(
                    f"需方以“{self.unit}”计量，请按该单位补充起订量。",
                    f"The demand is counted in {self._unit}; please state the minimum order in that unit.",
                )
            case Outcome.MET:
                text = "需求量达到起订量", "the demand reaches the minimum order"
            case _:
                text = "需求量低于起订量", "the demand is below the minimum order"
        wanted = with_unit(show(self.quantity), self.unit)
        offered = "≥" + self._in_my_unit(offer.offer.minimum_order or Decimal(0), offer.offer.unit)
        sentence = outcome_phrase(("起订量", "Minimum order"), text, verdict.outcome)
        return self._told(verdict, wanted, offered, sentence, question)


@dataclass(frozen=True)
class PriceCondition(Condition):
    """The lowest price against the ceiling, both per unit of the need."""

    ceiling: Decimal
    unit: str
    reader: Reader

    def find(self, offer: ReadyOffer) -> Finding:
        """Unknown where no price is stated or the two units don't compare."""
        price = self._price(offer)
        if price is None:
            return UNKNOWN
        if price <= self.ceiling:
            return MET
        return Outcome.UNMET, shortfall_of(price - self.ceiling, self.ceiling)

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """Prices per unit of the need."""
        question = None
        match verdict.outcome:
            case Outcome.MET:
                text = "报价在可接受范围内", "the price is acceptable"
            case Outcome.UNMET:
                text = "报价不在可接受范围内", "the price is not acceptable"
            case _ if offer.offer.price_low is None:
                text = "供方未填写报价区间", "no price stated"
                question = Phrase(
                    "请补充该产品的报价区间（含税）。", "Please state the price range, tax included."
                )
            case _:
                text = "双方计价单位不同", "the two sides price by different units"
                question = Phrase(
                    f"请按“{self.unit}”补充该产品的报价区间（含税）。",
                    f"Please state the price range per {self.unit or 'unit'}, tax included.",
                )
        wanted = f"≤{show(self.ceiling)} 元/{self.unit}"
        sentence = outcome_phrase(("价格", "Price"), text, verdict.outcome)
        return self._told(verdict, wanted, self._offered(offer), sentence, question)

    def _price(self, offer: ReadyOffer) -> Decimal | None:
        rate = self.reader.rate(self.unit, offer.offer.unit)
        return None if rate is None or offer.offer.price_low is None else offer.offer.price_low * rate

    def _offered(self, offer: ReadyOffer) -> str:
        if offer.offer.price_low is None:
            return ""
        price = self._price(offer)
        if price is None:
            return f"{show(offer.offer.price_low)} 元/{offer.offer.unit}"
        return f"{show(price)} 元/{self.unit}"


def capacity(need: Need, reader: Reader) -> CapacityCondition | None:
    """None where the need states no quantity."""
    monthly = monthly_quantity(need)
    if monthly is None or monthly <= 0:
        return None
    measured, kind = reader.measure(need.unit), ConditionKind.CAPACITY
    wanted = measured.to_base(monthly)
    return CapacityCondition(kind, kind.value, True, monthly, need.unit, measured.base, wanted, reader)


def minimum_order(need: Need, reader: Reader) -> MinimumOrderCondition | None:
    """None where the need states no quantity."""
    if need.quantity is None:
        return None
    measured, kind = reader.measure(need.unit), ConditionKind.MINIMUM_ORDER
    wanted = measured.to_base(need.quantity)
    return MinimumOrderCondition(
        kind, kind.value, True, need.quantity, need.unit, measured.base, wanted, reader
    )


def price(need: Need, policy: Policy, reader: Reader) -> PriceCondition | None:
    """None where the need states no ceiling."""
    if need.price_ceiling is None:
        return None
    kind = ConditionKind.PRICE
    return PriceCondition(kind, kind.value, kind in policy.gates, need.price_ceiling, need.unit, reader)
