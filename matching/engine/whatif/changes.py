"""The changes that can be asked about, and what they make of a need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from matching.engine.conditions import describe_requirement
from matching.engine.types import ConditionKind, Need, Offer, Operator, Policy
from matching.engine.units import NO_ALIASES, UnitAliases, measure, show
from matching.engine.values import parse_requirement
from matching.engine.whatif.amounts import MOST, OtherDimension, TooLarge, amount_in, day_in, price_in


@dataclass(frozen=True, slots=True)
class Waived:
    """One condition of a need no longer excludes anybody: the ``ordinal``-th of its kind, from 0."""

    need: str
    kind: ConditionKind
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """One condition of a need asks for something else, written as lists write it (“≥650MPa”, “120 t”)."""

    need: str
    kind: ConditionKind
    ordinal: int
    to: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """These offers are there no more, those of a firm that drops out, say; what was agreed on stays."""

    offers: frozenset[str]


@dataclass(frozen=True, slots=True)
class OfferChanged:
    """Another free capacity per month or minimum order of an offer, in its unit; None: as it was."""

    offer: str
    free_capacity: Decimal | None = None
    minimum_order: Decimal | None = None

    def applied(self, offer: Offer) -> Offer:
        """The offer with what is said here."""
        free = offer.free_capacity if self.free_capacity is None else self.free_capacity
        least = offer.minimum_order if self.minimum_order is None else self.minimum_order
        return replace(offer, free_capacity=free, minimum_order=least)


_ONE_SIDED = {Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN}

Change = Waived | Changed | Withdrawn | OfferChanged


@dataclass(frozen=True, slots=True)
class Relaxable:
    """A condition of a need that can be asked about. ``waivable``: it excludes offers now."""

    kind: ConditionKind
    ordinal: int
    name: str
    wanted: str
    waivable: bool
    changeable: bool


def relaxable(need: Need, policy: Policy) -> tuple[Relaxable, ...]:
    """The need's conditions in their order, without those that exclude nobody and can't be changed."""
    return tuple(one for one in _all(need, policy) if one.waivable or one.changeable)


def _all(need: Need, policy: Policy) -> Iterator[Relaxable]:
    parameter, certificate = ConditionKind.PARAMETER, ConditionKind.CERTIFICATE
    for at, asked in enumerate(need.requirements):
        hard = asked.hard or parameter in policy.gates
        yield Relaxable(parameter, at, asked.parameter, describe_requirement(asked), hard, True)
    for at, name in enumerate(need.certificates):
        yield Relaxable(certificate, at, name, name, certificate in policy.gates, False)
    if need.quantity:
        wanted = f"{show(need.quantity)} {need.unit}".strip()
        yield Relaxable(ConditionKind.CAPACITY, 0, "capacity", wanted, False, True)
    if need.price_ceiling is not None:
        gate, wanted = ConditionKind.PRICE in policy.gates, f"≤{show(need.price_ceiling)} 元/{need.unit}"
        yield Relaxable(ConditionKind.PRICE, 0, "price", wanted, gate, True)
    if need.regions:
        gate = need.region_required or ConditionKind.REGION in policy.gates
        yield Relaxable(ConditionKind.REGION, 0, "region", "、".join(need.regions), gate, True)
    if need.deliver_until is not None:
        yield Relaxable(ConditionKind.DELIVERY, 0, "delivery", need.deliver_until.isoformat(), True, True)


def changed_need(need: Need, change: Changed, aliases: UnitAliases = NO_ALIASES) -> Need:
    """The need with the condition that ``change`` names asking for ``change.to``.

    Raises ValueError where the need has no such condition or the text says nothing that it could ask for,
    ``OtherDimension`` where its unit can't be compared with the line's, ``TooLarge`` for absurd numbers.
    """
    make = _CHANGES.get(change.kind)
    if make is None:
        raise ValueError(f"{change.kind} cannot be changed")
    return make(need, change, aliases)


def _parameter(need: Need, change: Changed, aliases: UnitAliases) -> Need:
    if not 0 <= change.ordinal < len(need.requirements):
        raise ValueError("no such requirement")
    old = need.requirements[change.ordinal]
    new = parse_requirement(old.parameter, change.to, hard=old.hard, aliases=aliases)
    if old.values == () and new.values:
        raise ValueError(f"not a number with a unit: {change.to}")
    if not new.values and not new.unit:
        new = replace(new, unit=old.unit)
    if old.values == () and measure(new.unit, aliases).base != measure(old.unit, aliases).base:
        raise OtherDimension(f"{new.unit} is no {old.unit}")
    if any(end is not None and abs(end) >= MOST for end in (new.low, new.high)):
        raise TooLarge(change.to)
    bare = new.low is not None and new.low == new.high and not change.to.strip().startswith(("=", "＝"))
    if bare and old.operator in _ONE_SIDED:
        # “650” and “650 MPa” keep the sign that stands in the list; “=650” does not.
        low, high = (None if end is None else new.low for end in (old.low, old.high))
        new = replace(old, low=low, high=high, unit=new.unit)
    rows = list(need.requirements)
    rows[change.ordinal] = replace(new, parameter=old.parameter)
    return replace(need, requirements=tuple(rows))


def _positive(number: Decimal) -> Decimal:
    if number == 0:
        raise ValueError("nothing would be asked for")
    return number


def _quantity(need: Need, change: Changed, aliases: UnitAliases) -> Need:
    return replace(need, quantity=_positive(amount_in(change.to, need.unit, aliases)))


def _price(need: Need, change: Changed, aliases: UnitAliases) -> Need:
    return replace(need, price_ceiling=_positive(price_in(change.to, need.unit, aliases)))


def _region(need: Need, change: Changed, aliases: UnitAliases) -> Need:
    codes = tuple(change.to.replace("、", " ").replace(",", " ").split())
    if not codes or not all(code.isdigit() and len(code) in {2, 4, 6} for code in codes):
        raise ValueError(f"not region codes: {change.to}")
    return replace(need, regions=codes)


def _delivery(need: Need, change: Changed, aliases: UnitAliases) -> Need:
    return replace(need, deliver_until=day_in(change.to))


_CHANGES: Mapping[ConditionKind, Callable[[Need, Changed, UnitAliases], Need]] = {
    ConditionKind.PARAMETER: _parameter,
    ConditionKind.CAPACITY: _quantity,
    ConditionKind.PRICE: _price,
    ConditionKind.REGION: _region,
    ConditionKind.DELIVERY: _delivery,
}
