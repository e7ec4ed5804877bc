"""Wishes and deals written down as the lines of two lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from chainmatch.sample import writing
from chainmatch.sample.building import Setting
from chainmatch.sample.catalogue import Catalogue, Item
from chainmatch.sample.firms import contact
from chainmatch.sample.judging import Deal, Value, Wish
from chainmatch.sample.records import Demand, Difficulty, Firm, Header, State, Supply
from matching.engine.types import Certificate, Period, Property

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
RETURN_REASONS = (
    "技术指标未填写单位，请补充",
    "数量与单位不一致，请核对",
    "证书编号缺失，请补充后重新提交",
    "产品名称过于笼统，请写明规格型号",
)
_NUMBERINGS = ("{:03}", "{}", "GY-{:03}", "P{:04}", "2026-{:02}")
_LEAD_UNITS = (("month", 30), ("week", 7))
_PURPOSES = (
    "用于{segment}环节配套，需长期稳定供货。",
    "{segment}批量采购，欢迎省内企业报价。",
    "现供应商产能不足，拟增加{segment}第二供方。",
    "",
    "",
)
_OFFERS = (
    "本公司自产，可按图定制，支持来样加工。",
    "批量供货，质量稳定，可提供第三方检测报告。",
    "已为省内多家企业配套，售后及时。",
    "",
    "",
)
_QUALITY = ("首批到货须提供出厂检验报告", "质保期不少于12个月", "批次可追溯，来料合格率不低于99.5%", "")
_STAGES = ("series", "series", "series", "trial", "research", "")
_DEPARTMENTS = ("示例市工业和信息化局", "示例省工业和信息化厅", "示例开发区经济发展局", "")


@dataclass(slots=True)
class Numbering:
    """Gives each firm's lines their numbers, in the firm's own fashion."""

    _counts: dict[str, int] = field(default_factory=dict)

    def key(self, firm: Firm) -> str:
        """The firm's next line number."""
        number = self._counts.get(firm.uscc, 0) + 1
        self._counts[firm.uscc] = number
        if firm.leads:
            return f"XQ{number:03}"
        return _NUMBERINGS[sum(map(ord, firm.uscc)) % len(_NUMBERINGS)].format(number)


@dataclass(frozen=True, slots=True)
class Desk:
    """What writing a chain's lines takes."""

    at: Setting
    catalogue: Catalogue
    numbering: Numbering

    @property
    def rng(self) -> Random:
        """The chain's random numbers."""
        return self.at.rng


@dataclass(frozen=True, slots=True)
class WrittenSupply:
    """A supply line with what it means and what makes reading it hard."""

    line: Supply
    deal: Deal
    traits: tuple[Difficulty, ...]


def _header(
    desk: Desk,
    firm: Firm,
    item: Item,
    *,
    title: str,
    description: str,
    standards: tuple[str, ...],
    unit: str,
    node: str,
    state: State,
) -> Header:
    rng = desk.rng
    name, phone = contact(rng)
    return Header(
        uscc=firm.uscc,
        key=desk.numbering.key(firm),
        chain=item.chain,
        item=item.position,
        node=node,
        state=state,
        reason=rng.choice(RETURN_REASONS) if state is State.RETURNED else "",
        title=title,
        description=description,
        category_code=item.hs if rng.random() < 0.6 else "",
        standards=standards,
        unit=unit,
        contact_name=name,
        contact_phone=phone,
        valid_until=_valid_until(rng, desk.at.today, state),
    )


def _valid_until(rng: Random, today: date, state: State) -> date:
    if state is State.EXPIRED:
        return today - timedelta(days=rng.randint(3, 60))
    if rng.random() < 0.03:
        return today + timedelta(days=rng.randint(5, 13))
    return today + timedelta(days=rng.randint(40, 360))


def _node(desk: Desk, item: Item, *, decoy: bool = False) -> str:
    """The item's node; sometimes empty, sometimes a neighbour; decoys stand there as often as not."""
    rng = desk.rng
    chance = rng.random()
    if chance < (0.35 if decoy else 0.06):
        return ""
    neighbours = desk.catalogue.neighbours(item.node)
    if neighbours and chance < (0.55 if decoy else 0.1):
        return rng.choice(neighbours)
    return item.node


# Demand lines


def write_demand(desk: Desk, firm: Firm, wish: Wish, period: Period, state: State = State.VERIFIED) -> Demand:
    """A wish as a demand line."""
    rng, item = desk.rng, wish.item
    prices = () if wish.ceiling is None else (wish.ceiling,)
    unit, size = writing.line_unit(rng, item, (wish.order, wish.monthly), prices)
    title = writing.title(rng, item.names[0] if rng.random() < 0.5 else rng.choice(item.names), extras=False)
    window = round(wish.order / wish.monthly) if period is Period.ONCE else rng.choice((1, 2))
    header = _header(
        desk,
        firm,
        item,
        title=title,
        description=rng.choice(_PURPOSES).format(segment=desk.catalogue.segment(item.node)),
        standards=tuple(writing.standard(rng, name) for name in wish.standards),
        unit=unit,
        node=_node(desk, item),
        state=state,
    )
    return Demand(
        header=header,
        drawing_no=f"SL-{rng.randint(1000, 9999)}-{rng.randint(10, 99)}" if rng.random() < 0.4 else "",
        quantity=writing.plain(wish.order / size),
        period=period,
        deliver_from=None if wish.until is None else wish.until - timedelta(days=30 * window),
        deliver_until=wish.until,
        delivery_region=firm.region,
        delivery_place=firm.address,
        price_ceiling=writing.price_in_unit(wish.ceiling, size),
        certificates=tuple(writing.certificate(rng, name) for name in wish.certificates),
        regions=wish.regions,
        region_required=wish.region_required,
        max_suppliers=rng.choice((None, None, None, 1, 2, 3)),
        priority=rng.choice((0, 0, 0, 1, 2)),
        present_source=rng.choice(("", "", "省外采购", "进口", "自制")),
        import_substitution=rng.random() < 0.12,
        stage=rng.choice(_STAGES),
        sample_required=rng.random() < 0.3,
        quality_clauses=rng.choice(_QUALITY),
        confidential=rng.random() < 0.08,
        responsible_department=rng.choice(_DEPARTMENTS),
        requirements=tuple(writing.requirement(rng, item, condition) for condition in wish.conditions),
    )


# Supply lines


def write_supply(
    desk: Desk,
    firm: Firm,
    deal: Deal,
    leaders: Sequence[Firm],
    state: State = State.VERIFIED,
    traits: tuple[Difficulty, ...] = (),
) -> WrittenSupply:
    """A deal as a supply line."""
    rng, item = desk.rng, deal.item
    unit, size = _supply_unit(rng, deal)
    rows, named = _property_rows(rng, deal)
    title = writing.title(rng, deal.decoy or rng.choice(item.names), extras=True)
    standards, description = _standards(rng, deal)
    header = _header(
        desk,
        firm,
        item,
        title=f"{title} {named}" if named else title,
        description=description,
        standards=standards,
        unit=unit,
        node=_node(desk, item, decoy=bool(deal.decoy)),
        state=state,
    )
    lead_time, lead_unit = _lead_time(rng, deal.lead_days)
    line = Supply(
        header=header,
        capacity=writing.in_unit(deal.capacity, size),
        capacity_basis=rng.choice(("actual", "design", "")) if deal.capacity is not None else "",
        free_capacity=writing.in_unit(deal.free, size),
        minimum_order=writing.in_unit(deal.minimum_order, size),
        lead_time=lead_time,
        lead_time_unit=lead_unit,
        price_low=writing.price_in_unit(deal.price_low, size),
        price_high=writing.price_in_unit(deal.price_high, size),
        served_leaders=(rng.choice(leaders).name,) if rng.random() < 0.2 else (),
        export_limits="出口管制物项，须办理许可" if rng.random() < 0.02 else "",
        first_of_kind=rng.choice(("首台套", "首批次", "首版次")) if rng.random() < 0.03 else "",
        properties=rows,
        certificates=_certificates(rng, deal),
    )
    return WrittenSupply(line, deal, _traits(item, line, traits, named))


def _traits(item: Item, line: Supply, traits: tuple[Difficulty, ...], named: str) -> tuple[Difficulty, ...]:
    """What is noticed from the line itself is added to what it was made for."""
    noticed = {
        Difficulty.NODE: line.header.node != item.node,
        Difficulty.UNITS: line.header.unit != item.unit,
        Difficulty.IN_TITLE: bool(named),
    }
    return (*traits, *(trait for trait, present in noticed.items() if present))


def _supply_unit(rng: Random, deal: Deal) -> tuple[str, Decimal]:
    amounts = tuple(
        amount
        for amount in (deal.free, deal.capacity, deal.minimum_order)
        if amount is not None and amount > 0
    )
    prices = tuple(price for price in (deal.price_low, deal.price_high) if price is not None)
    if not amounts:
        return writing.spelling(rng, deal.item.unit), Decimal(1)
    return writing.line_unit(rng, deal.item, amounts, prices)


def _property_rows(rng: Random, deal: Deal) -> tuple[tuple[Property, ...], str]:
    """The rows, and a grade that the firm named beside the product instead of in a row."""
    named = ""
    rows = []
    for position, value in sorted(deal.values.items()):
        spelling = _nameable(deal.item, position, value)
        if not named and spelling and rng.random() < 0.08:
            named = spelling
            continue
        rows.append(writing.stated(rng, deal.item, position, value))
    return tuple(rows), named


def _nameable(item: Item, position: int, value: Value) -> str:
    """A spelling that says by itself which grade is meant; a bare number or short word does not."""
    if value.group is None:
        return ""
    spellings = item.parameters[position].choices[value.group]
    return next((s for s in spellings if len(s) >= 4 and any(c.isalpha() for c in s)), "")


def _standards(rng: Random, deal: Deal) -> tuple[tuple[str, ...], str]:
    """Standards in their column, or only mentioned in the text."""
    description = rng.choice(_OFFERS)
    names = tuple(writing.standard(rng, name) for name in deal.standards)
    if names and rng.random() < 0.08:
        return (), f"执行标准 {'、'.join(deal.standards)}。{description}"
    return names, description


def _lead_time(rng: Random, days: int | None) -> tuple[int | None, str]:
    if days is None:
        return None, "day"
    fitting = [(unit, length) for unit, length in _LEAD_UNITS if days % length == 0]
    if fitting and rng.random() < 0.6:
        unit, length = fitting[0]
        return days // length, unit
    return days, "day"


def _certificates(rng: Random, deal: Deal) -> tuple[Certificate, ...]:
    return tuple(
        Certificate(
            name=writing.certificate(rng, name),
            number=f"SL{rng.randint(100_000, 999_999)}" if rng.random() < 0.8 else "",
            expires=expires,
        )
        for name, expires in deal.certificates.items()
    )
