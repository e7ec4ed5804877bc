"""What demands and offers mean, before it is written down: wishes, deals that suit them, spoilt ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random

from chainmatch.sample.catalogue import Item, Parameter
from chainmatch.sample.judging import Condition, Deal, Value, Wish, fits
from chainmatch.sample.records import Difficulty
from matching.engine.types import GapType

SIGNIFICANT = 3
EARLIEST_DAYS, LATEST_DAYS = 60, 200
SLACK_DAYS = 12
FORGOTTEN = 0.28
_LEADS = (5, 7, 10, 14, 15, 20, 21, 28, 30, 35, 45)
_LATE_LEADS = (120, 150, 180, 210, 240, 270, 300)
_SHANXI = "14"
_AROUND_TAIYUAN = ("1401", "1407")

FORCED: Mapping[GapType, Difficulty] = {
    GapType.SPECIFICATION: Difficulty.SPECIFICATION,
    GapType.CAPACITY: Difficulty.CAPACITY,
    GapType.CERTIFICATE: Difficulty.CERTIFICATE_EXPIRED,
    GapType.PRICE: Difficulty.PRICE,
    GapType.REGION: Difficulty.REGION,
    GapType.DELIVERY: Difficulty.DELIVERY,
    GapType.UNKNOWN_DATA: Difficulty.UNKNOWN,
}
"""What spoils every offer of a demand that is to stay open; without products there is none."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when something is built."""

    rng: Random
    today: date


def sensible(value: Decimal, *, counted: bool) -> Decimal:
    """A number that a person would write: three significant digits, whole pieces."""
    quantum = Decimal(1).scaleb(max(-2, value.adjusted() - SIGNIFICANT + 1))
    rounded = (value / quantum).to_integral_value(ROUND_HALF_EVEN) * quantum
    if counted:
        rounded = max(Decimal(1), rounded.to_integral_value(ROUND_HALF_EVEN))
    return Decimal(f"{rounded.normalize():f}")


def between(rng: Random, low: Decimal, high: Decimal) -> Decimal:
    """A number between two others; the same on every machine."""
    return low + (high - low) * Decimal(rng.randint(0, 1000)) / 1000


def share(rng: Random, low: float, high: float) -> Decimal:
    """A factor between two others."""
    return between(rng, Decimal(str(low)), Decimal(str(high)))


# Wishes


def make_wish(at: Setting, item: Item, months: int, city: str, forced: Difficulty | None = None) -> Wish:
    """What a leader firm wants; ``forced`` makes sure that it can fail in that way."""
    rng = at.rng
    monthly = sensible(between(rng, *item.quantity), counted=item.counted)
    regions, required = _regions(rng, city, forced is Difficulty.REGION)
    certificates = item.certificates if forced is Difficulty.CERTIFICATE_EXPIRED or rng.random() < 0.6 else ()
    low, high = item.price
    ceiling = sensible(low + (high - low) * share(rng, 0.55, 0.85), counted=False)
    days = rng.randint(EARLIEST_DAYS, LATEST_DAYS // 2 if forced is Difficulty.DELIVERY else LATEST_DAYS)
    return Wish(
        item=item,
        monthly=monthly,
        order=monthly * months,
        conditions=_conditions(rng, item),
        standards=item.standards[:1] if rng.random() < 0.5 else (),
        certificates=tuple(rng.sample(certificates, min(len(certificates), rng.choice((1, 1, 2))))),
        ceiling=ceiling if forced is Difficulty.PRICE or rng.random() < 0.72 else None,
        regions=regions,
        region_required=required,
        until=at.today + timedelta(days=days)
        if forced is Difficulty.DELIVERY or rng.random() < 0.7
        else None,
    )


def _regions(rng: Random, city: str, required: bool) -> tuple[tuple[str, ...], bool]:
    choice = rng.random()
    if required:
        return _AROUND_TAIYUAN, True
    if choice > 0.25:
        return (), False
    where = rng.choice(((_SHANXI,), (_SHANXI,), _AROUND_TAIYUAN, tuple(sorted({city, "1401"}))))
    return where, choice < 0.14


def _conditions(rng: Random, item: Item) -> tuple[Condition, ...]:
    positions = list(range(len(item.parameters)))
    if len(positions) > 2 and rng.random() < 0.3:
        positions.remove(rng.choice(positions))
    first = rng.choice(positions)
    return tuple(
        _condition(rng, item.parameters[position], position, hard=position == first or rng.random() < 0.6)
        for position in positions
    )


def _condition(rng: Random, parameter: Parameter, position: int, *, hard: bool) -> Condition:
    last = parameter.last
    if parameter.choices:
        groups = list(range(len(parameter.choices)))
        wanted = rng.sample(groups, 2 if len(groups) > 2 and rng.random() < 0.25 else 1)
        return Condition(position, groups=tuple(sorted(wanted)), hard=hard)
    middle = int(last * share(rng, 0.3, 0.7))
    if parameter.better == "higher":
        return Condition(position, low=parameter.value(max(1, middle)), hard=hard)
    if parameter.better == "lower":
        return Condition(position, high=parameter.value(min(last - 1, middle)), hard=hard)
    begin = rng.randint(1, max(1, last // 3))
    end = rng.randint(begin, max(begin, min(last - 1, begin + last // 2)))
    return Condition(position, parameter.value(begin), parameter.value(end), hard=hard)


# Deals


def make_deal(at: Setting, wish: Wish, region: str) -> Deal:
    """An offer from that region that suits a wish in everything."""
    rng, item = at.rng, wish.item
    free = sensible(wish.monthly * share(rng, 1.2, 3), counted=item.counted)
    low, high = _prices(rng, wish)
    held = dict.fromkeys((*wish.certificates, *(c for c in item.certificates if rng.random() < 0.5)))
    return Deal(
        item=item,
        values=_suiting_values(rng, wish),
        standards=tuple(s for s in item.standards if s in wish.standards or rng.random() < 0.6),
        certificates={name: at.today + timedelta(days=rng.randint(60, 1000)) for name in held},
        capacity=sensible(free * share(rng, 1.1, 2.5), counted=item.counted),
        free=free,
        minimum_order=_minimum(rng, wish) if rng.random() < 0.55 else None,
        lead_days=rng.choice(_LEADS),
        price_low=low,
        price_high=high,
        region=region,
    )


def _minimum(rng: Random, wish: Wish) -> Decimal:
    return min(wish.order, sensible(wish.order * share(rng, 0.05, 0.6), counted=wish.item.counted))


def _prices(rng: Random, wish: Wish) -> tuple[Decimal, Decimal]:
    low, high = wish.item.price
    most = wish.ceiling if wish.ceiling is not None else high
    price = min(sensible(between(rng, low * Decimal("0.92"), most), counted=False), most)
    return price, max(price, sensible(price * share(rng, 1.02, 1.15), counted=False))


def _suiting_values(rng: Random, wish: Wish) -> Mapping[int, Value]:
    wanted = {condition.parameter: condition for condition in wish.conditions}
    return {
        position: _suiting(rng, parameter, wanted[position])
        if position in wanted
        else _any_value(rng, parameter)
        for position, parameter in enumerate(wish.item.parameters)
    }


def _any_value(rng: Random, parameter: Parameter) -> Value:
    if parameter.choices:
        return Value(group=rng.randrange(len(parameter.choices)))
    number = parameter.value(rng.randint(0, parameter.last))
    return Value(number, number)


def _grid(parameter: Parameter, number: Decimal) -> int:
    return int((number - parameter.lowest) / parameter.step)


def _suiting(rng: Random, parameter: Parameter, condition: Condition) -> Value:
    if condition.groups:
        return Value(group=rng.choice(condition.groups))
    reach = max(1, parameter.last // 3)
    if condition.high is None and condition.low is not None:
        begin = _grid(parameter, condition.low)
        number = parameter.value(rng.randint(begin, min(parameter.last, begin + reach)))
        return Value(number, None) if rng.random() < 0.2 else Value(number, number)
    if condition.low is None and condition.high is not None:
        end = _grid(parameter, condition.high)
        number = parameter.value(rng.randint(max(0, end - reach), end))
        return Value(None, number) if rng.random() < 0.2 else Value(number, number)
    assert condition.low is not None
    assert condition.high is not None
    begin, end = _grid(parameter, condition.low), _grid(parameter, condition.high)
    if (parameter.is_span and begin != end) or rng.random() < 0.25:
        below, above = rng.randint(0, begin), rng.randint(end, parameter.last)
        return Value(parameter.value(below), parameter.value(above))
    number = parameter.value(rng.randint(begin, end))
    return Value(number, number)


# Spoiling


def spoil(at: Setting, wish: Wish, deal: Deal, difficulty: Difficulty) -> Deal | None:
    """The same deal, failing in one way; None where the wish can't fail in it."""
    spoiler = _SPOILERS.get(difficulty)
    return spoiler(at, wish, deal) if spoiler else deal


def _spoil_value(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    for condition in at.rng.sample(wish.conditions, len(wish.conditions)):
        parameter = wish.item.parameters[condition.parameter]
        value = _unsuiting(at.rng, parameter, condition) if condition.hard else None
        if value is not None and not fits(condition, value, parameter):
            return replace(deal, values={**deal.values, condition.parameter: value})
    return None


def _unsuiting(rng: Random, parameter: Parameter, condition: Condition) -> Value | None:
    """Just out of range by one or two steps."""
    if condition.groups:
        others = [g for g in range(len(parameter.choices)) if g not in condition.groups]
        return Value(group=rng.choice(others)) if others else None
    away = rng.choice((1, 1, 2))
    if condition.low is not None and (condition.high is None or rng.random() < 0.5):
        number = parameter.value(max(0, _grid(parameter, condition.low) - away))
        return Value(number, number)
    assert condition.high is not None
    number = parameter.value(_grid(parameter, condition.high) + away)
    return Value(number, number)


def _spoil_standard(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    others = tuple(s for s in wish.item.standards if s not in wish.standards)
    return replace(deal, standards=others) if wish.standards and others else None


def _spoil_certificate(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    left = {name: expires for name, expires in deal.certificates.items() if name not in wish.certificates}
    return replace(deal, certificates=left) if wish.certificates and left else None


def _expire_certificate(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    if not wish.certificates:
        return None
    expired = at.today - timedelta(days=at.rng.randint(5, 400))
    return replace(deal, certificates={**deal.certificates, at.rng.choice(wish.certificates): expired})


def _spoil_capacity(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    return replace(deal, free=Decimal(0))


def _shrink_capacity(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    free = sensible(wish.monthly * share(at.rng, 0.15, 0.6), counted=wish.item.counted)
    if free >= wish.monthly:
        return None
    return replace(deal, free=free, capacity=sensible(free * 2, counted=wish.item.counted))


def _spoil_minimum(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    least = sensible(wish.order * share(at.rng, 1.3, 4), counted=wish.item.counted)
    return replace(deal, minimum_order=max(least, wish.order + 1))


def _spoil_price(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    if wish.ceiling is None:
        return None
    low = sensible(wish.ceiling * share(at.rng, 1.04, 1.35), counted=False)
    if low <= wish.ceiling:
        low = wish.ceiling * 2
    return replace(
        deal, price_low=low, price_high=max(low, sensible(low * share(at.rng, 1.02, 1.1), counted=False))
    )


def _spoil_delivery(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    if wish.until is None:
        return None
    allowed = (wish.until - at.today).days
    return replace(deal, lead_days=next(days for days in _LATE_LEADS if days > allowed + SLACK_DAYS))


def _spoil_region(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    return deal if wish.region_required and not deal.region.startswith(wish.regions) else None


def _blank_needed(at: Setting, wish: Wish, deal: Deal) -> Deal | None:
    hard = [c.parameter for c in wish.conditions if c.hard and c.parameter in deal.values]
    blanks: list[Callable[[], Deal]] = [
        lambda: replace(deal, values={k: v for k, v in deal.values.items() if k != hard[0]}),
        lambda: replace(deal, values={}),
        lambda: replace(deal, free=None, capacity=None),
    ]
    if wish.ceiling is not None:
        blanks.append(lambda: replace(deal, price_low=None, price_high=None))
    if wish.certificates:
        blanks.append(lambda: replace(deal, certificates={}))
    if wish.standards:
        blanks.append(lambda: replace(deal, standards=()))
    if wish.until is not None:
        blanks.append(lambda: replace(deal, lead_days=None))
    return at.rng.choice(blanks)()


_SPOILERS: Mapping[Difficulty, Callable[[Setting, Wish, Deal], Deal | None]] = {
    Difficulty.SPECIFICATION: _spoil_value,
    Difficulty.STANDARD: _spoil_standard,
    Difficulty.CERTIFICATE_MISSING: _spoil_certificate,
    Difficulty.CERTIFICATE_EXPIRED: _expire_certificate,
    Difficulty.CAPACITY: _spoil_capacity,
    Difficulty.PARTIAL_CAPACITY: _shrink_capacity,
    Difficulty.MINIMUM_ORDER: _spoil_minimum,
    Difficulty.PRICE: _spoil_price,
    Difficulty.DELIVERY: _spoil_delivery,
    Difficulty.REGION: _spoil_region,
    Difficulty.UNKNOWN: _blank_needed,
}
SPOILING = tuple(_SPOILERS)


def forget(at: Setting, wish: Wish, deal: Deal) -> Deal:
    """Leave out some of what this wish does not ask for, as firms do."""
    rng = at.rng
    asked = {condition.parameter for condition in wish.conditions if condition.hard}
    if wish.ceiling is None and rng.random() < FORGOTTEN * 2:
        deal = replace(deal, price_low=None, price_high=None)
    if not wish.certificates and rng.random() < FORGOTTEN:
        deal = replace(deal, certificates={})
    if not wish.standards and rng.random() < FORGOTTEN:
        deal = replace(deal, standards=())
    if wish.until is None and rng.random() < FORGOTTEN:
        deal = replace(deal, lead_days=None)
    if rng.random() < FORGOTTEN:
        deal = replace(deal, capacity=None)
    kept = {k: value for k, value in deal.values.items() if k in asked or rng.random() > FORGOTTEN}
    return replace(deal, values=kept)


def decoy(at: Setting, wish: Wish, region: str) -> Deal:
    """An offer of something else under words of the same product, with fitting numbers."""
    names = wish.item.near or tuple(f"{wish.item.names[0]}{suffix}" for suffix in _OTHER_THINGS)
    if at.rng.random() < 0.3:
        names = tuple(f"{name}{suffix}" for name in wish.item.names[:2] for suffix in _OTHER_THINGS)
    return replace(make_deal(at, wish, region), decoy=at.rng.choice(names))


_OTHER_THINGS = ("检测服务", "生产线", "包装箱", "维修服务", "仓储运输服务", "专用工装")
