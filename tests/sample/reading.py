"""Reads written lines back with the catalogue alone and judges pairs by their values, independently."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from chainmatch.sample.catalogue import Item, Parameter, load
from chainmatch.sample.records import Demand, Difficulty, Firm, Supply
from matching.engine.types import Period, Property, Requirement

JUDGED = frozenset(
    {
        Difficulty.SPECIFICATION,
        Difficulty.STANDARD,
        Difficulty.CERTIFICATE_MISSING,
        Difficulty.CERTIFICATE_EXPIRED,
        Difficulty.CAPACITY,
        Difficulty.PARTIAL_CAPACITY,
        Difficulty.MINIMUM_ORDER,
        Difficulty.PRICE,
        Difficulty.DELIVERY,
        Difficulty.REGION,
        Difficulty.UNKNOWN,
    }
)
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_DAYS = {"day": 1, "week": 7, "month": 30}


def fold(text: str) -> str:
    """A text without width, case, spaces and punctuation."""
    return re.sub(r"[\s—–:/-]+", "", unicodedata.normalize("NFKC", text).casefold())


def item_of(line: Demand | Supply) -> Item:
    """The catalogue item that a line was built from."""
    return load(line.header.chain).items[line.header.item]


def judged(demand: Demand, supply: Supply, firm: Firm, today: date) -> set[Difficulty]:
    """Every reason against the pair."""
    return {
        *_technical(demand, supply),
        *_standards(demand, supply),
        *_certificates(demand, supply, today),
        *_commerce(demand, supply, today),
        *_region(demand, firm),
    }


def _position(item: Item, name: str) -> int:
    found = [at for at, p in enumerate(item.parameters) if name == p.name or name in p.aliases]
    assert len(found) == 1, (item.chain, item.node, name, found)
    return found[0]


def _factor(parameter: Parameter, unit: str) -> Decimal:
    return dict(parameter.alt_units).get(unit, Decimal(1)) if unit != parameter.unit else Decimal(1)


def _group(parameter: Parameter, word: str) -> int:
    found = [at for at, group in enumerate(parameter.choices) if fold(word) in map(fold, group)]
    assert len(found) == 1, (parameter.name, word, found)
    return found[0]


def _technical(demand: Demand, supply: Supply) -> Iterator[Difficulty]:
    item = item_of(demand)
    stated = {_position(item, row.parameter): row for row in supply.properties}
    for row in demand.requirements:
        at = _position(item, row.parameter)
        if not row.hard:
            continue
        parameter = item.parameters[at]
        if at in stated:
            fits = _fits(parameter, row, stated[at])
        elif any(supply.header.title.endswith(f" {w}") for group in parameter.choices for w in group):
            fits = _titled(parameter, row, supply.header.title)
        else:
            yield Difficulty.UNKNOWN
            continue
        if not fits:
            yield Difficulty.SPECIFICATION


def _titled(parameter: Parameter, row: Requirement, title: str) -> bool:
    named = {at for at, group in enumerate(parameter.choices) for w in group if title.endswith(f" {w}")}
    return bool(named & {_group(parameter, word) for word in row.values})


def _fits(parameter: Parameter, wanted: Requirement, stated: Property) -> bool:
    if wanted.values:
        return _group(parameter, stated.values[0]) in {_group(parameter, word) for word in wanted.values}
    asked, given = _factor(parameter, wanted.unit), _factor(parameter, stated.unit)
    low, high = _divided(wanted.low, asked), _divided(wanted.high, asked)
    least, most = _divided(stated.low, given), _divided(stated.high, given)
    if high is None:
        best = most if most is not None else least
        return best is not None and low is not None and best >= low
    if low is None:
        best = least if least is not None else most
        return best is not None and best <= high
    assert least is not None
    assert most is not None
    if parameter.is_span and low != high:
        return least <= low and most >= high
    return least <= high and most >= low


def _divided(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else value / factor


def _standards(demand: Demand, supply: Supply) -> Iterator[Difficulty]:
    text = supply.header.description
    named = re.findall(r"执行标准 (.*?)。", text)
    listed = [*supply.header.standards, *(name for names in named for name in names.split("、"))]
    if not demand.header.standards:
        return
    if not listed:
        yield Difficulty.UNKNOWN
    elif not {_number(name) for name in demand.header.standards} <= {_number(name) for name in listed}:
        yield Difficulty.STANDARD


def _number(standard: str) -> str:
    plain = unicodedata.normalize("NFKC", standard).replace("—", "-")
    return fold(re.sub(r"[-:](?:19|20)\d\d$", "", plain))


def _certificates(demand: Demand, supply: Supply, today: date) -> Iterator[Difficulty]:
    item = item_of(demand)
    if not demand.certificates:
        return
    if not supply.certificates:
        yield Difficulty.UNKNOWN
        return
    held = {_certificate(item, c.name): c.expires for c in supply.certificates}
    for name in demand.certificates:
        expires = held.get(_certificate(item, name), date.max)
        if _certificate(item, name) not in held:
            yield Difficulty.CERTIFICATE_MISSING
        elif expires is not None and expires < today:
            yield Difficulty.CERTIFICATE_EXPIRED


def _certificate(item: Item, written: str) -> str:
    meant = [name for name in item.certificates if fold(written).startswith(fold(name))]
    return max(meant, key=len)


def _size(item: Item, unit: str) -> Decimal:
    return Decimal(1) if unit == item.unit else dict(item.unit_variants).get(unit, Decimal(1))


def _commerce(demand: Demand, supply: Supply, today: date) -> Iterator[Difficulty]:
    item = item_of(demand)
    asked, offered = _size(item, demand.header.unit), _size(item, supply.header.unit)
    order = demand.quantity * asked
    if supply.free_capacity is None:
        yield Difficulty.UNKNOWN
    elif supply.free_capacity == 0:
        yield Difficulty.CAPACITY
    elif supply.free_capacity * offered < order / _months(demand):
        yield Difficulty.PARTIAL_CAPACITY
    if supply.minimum_order is not None and supply.minimum_order * offered > order:
        yield Difficulty.MINIMUM_ORDER
    if demand.price_ceiling is not None:
        if supply.price_low is None:
            yield Difficulty.UNKNOWN
        elif supply.price_low / offered > demand.price_ceiling / asked:
            yield Difficulty.PRICE
    if demand.deliver_until is not None:
        if supply.lead_time is None:
            yield Difficulty.UNKNOWN
        elif today + timedelta(days=supply.lead_time * _DAYS[supply.lead_time_unit]) > demand.deliver_until:
            yield Difficulty.DELIVERY


def _months(demand: Demand) -> int:
    if demand.period is not Period.ONCE:
        return _MONTHS[demand.period]
    assert demand.deliver_from is not None
    assert demand.deliver_until is not None
    return (demand.deliver_until - demand.deliver_from).days // 30


def _region(demand: Demand, firm: Firm) -> Iterator[Difficulty]:
    if demand.region_required and not any(firm.region.startswith(region) for region in demand.regions):
        yield Difficulty.REGION
