"""Who satisfies whom, decided on what the generator meant, before anything was written down.

All values are in the catalogue's main units, so that no unit, name or grade has to be read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from chainmatch.sample.catalogue import Item, Parameter
from chainmatch.sample.records import Difficulty, Outcome


@dataclass(frozen=True, slots=True)
class Value:
    """A number (``low == high``), a range, a guarantee (one end only), or the index of a word group."""

    low: Decimal | None = None
    high: Decimal | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a wish says about the parameter with that position in the item."""

    parameter: int
    low: Decimal | None = None
    high: Decimal | None = None
    groups: tuple[int, ...] = ()
    hard: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """What a demand line means. ``order`` is the quantity of one period, ``ceiling`` CNY per main unit."""

    item: Item
    monthly: Decimal
    order: Decimal
    conditions: tuple[Condition, ...]
    standards: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    ceiling: Decimal | None = None
    regions: tuple[str, ...] = ()
    region_required: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """What a supply line means; None and empty are what the firm did not say."""

    item: Item
    values: Mapping[int, Value]
    standards: tuple[str, ...]
    certificates: Mapping[str, date]
    capacity: Decimal | None
    free: Decimal | None
    minimum_order: Decimal | None
    lead_days: int | None
    price_low: Decimal | None
    price_high: Decimal | None
    region: str
    decoy: str = ""


def judge(wish: Wish, deal: Deal, today: date) -> tuple[Outcome, tuple[Difficulty, ...]]:
    """The outcome of a pair of the same item, with every reason."""
    if deal.decoy:
        return Outcome.UNMET, (Difficulty.DECOY,)
    found = tuple(dict.fromkeys(_findings(wish, deal, today)))
    failing = set(found) - {Difficulty.UNKNOWN, Difficulty.PARTIAL_CAPACITY}
    if failing:
        return Outcome.UNMET, found
    if Difficulty.UNKNOWN in found:
        return Outcome.UNKNOWN, found
    return (Outcome.PARTIAL if found else Outcome.MET), found


def _findings(wish: Wish, deal: Deal, today: date) -> Iterator[Difficulty]:
    yield from _technical(wish, deal)
    yield from _papers(wish, deal, today)
    yield from _commerce(wish, deal, today)


def _technical(wish: Wish, deal: Deal) -> Iterator[Difficulty]:
    for condition in wish.conditions:
        value = deal.values.get(condition.parameter)
        if not condition.hard:
            continue
        if value is None:
            yield Difficulty.UNKNOWN
        elif not fits(condition, value, wish.item.parameters[condition.parameter]):
            yield Difficulty.SPECIFICATION


def fits(condition: Condition, value: Value, parameter: Parameter) -> bool:
    """Whether a stated value satisfies a condition."""
    if condition.groups:
        return value.group in condition.groups
    if condition.high is None:
        best = value.high if value.high is not None else value.low
        return best is not None and condition.low is not None and best >= condition.low
    if condition.low is None:
        best = value.low if value.low is not None else value.high
        return best is not None and best <= condition.high
    if value.low is None or value.high is None:
        return False
    if parameter.is_span and condition.low != condition.high:
        return value.low <= condition.low and value.high >= condition.high
    return value.low <= condition.high and value.high >= condition.low


def _papers(wish: Wish, deal: Deal, today: date) -> Iterator[Difficulty]:
    if wish.standards and not deal.standards:
        yield Difficulty.UNKNOWN
    elif not set(wish.standards) <= set(deal.standards):
        yield Difficulty.STANDARD
    if wish.certificates and not deal.certificates:
        yield Difficulty.UNKNOWN
        return
    for name in wish.certificates:
        if name not in deal.certificates:
            yield Difficulty.CERTIFICATE_MISSING
        elif deal.certificates[name] < today:
            yield Difficulty.CERTIFICATE_EXPIRED


def _commerce(wish: Wish, deal: Deal, today: date) -> Iterator[Difficulty]:
    if deal.free is None:
        yield Difficulty.UNKNOWN
    elif deal.free <= 0:
        yield Difficulty.CAPACITY
    elif deal.free < wish.monthly:
        yield Difficulty.PARTIAL_CAPACITY
    if deal.minimum_order is not None and deal.minimum_order > wish.order:
        yield Difficulty.MINIMUM_ORDER
    if wish.ceiling is not None:
        if deal.price_low is None:
            yield Difficulty.UNKNOWN
        elif deal.price_low > wish.ceiling:
            yield Difficulty.PRICE
    if wish.until is not None:
        if deal.lead_days is None:
            yield Difficulty.UNKNOWN
        elif today + timedelta(days=deal.lead_days) > wish.until:
            yield Difficulty.DELIVERY
    if wish.region_required and not deal.region.startswith(wish.regions):
        yield Difficulty.REGION
