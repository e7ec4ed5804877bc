"""Lines to measure speed with: as many as asked for, worded as lists are worded.

Products, parameters, standards and certificates come from the sample's catalogues; how often each
product is named follows Zipf's law, as do the words that describe it; sizes, model numbers and figures
differ from line to line. The same seed gives the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, chain
from random import Random
from typing import TypeVar

from chainmatch.sample import writing
from chainmatch.sample.catalogue import CHAINS, Item, Parameter, load
from matching.engine.types import (
    Certificate,
    Glossary,
    Need,
    Offer,
    Operator,
    Period,
    Property,
    Requirement,
)

CHAIN = "province"
AS_OF = date(2026, 11, 2)
NO_GLOSSARY = Glossary()

T = TypeVar("T")

_REGIONS = (
    "140100",
    "140200",
    "140400",
    "140500",
    "140700",
    "140800",
    "140900",
    "141000",
    "130100",
    "320500",
)
_GRADES = ("规上", "创新型", "专精特新", "小巨人", "单项冠军")
_QUALITIES = (
    "高强度 耐磨 轻量化 低噪音 高精度 防腐 阻燃 耐高温 大功率 低损耗 高纯 超薄 一体化 模块化 智能 节能 "
    "重载 高速 密封 无铅 环保 双面 全自动 数控 定制 标准型 加强型 防爆 防水 抗静电 导热 绝缘 高导电 "
    "低温 高压 真空 无缝 热轧 冷轧 锻造 铸造 焊接 挤压 精密 复合 涂层 镀锌 喷涂 抛光 淬火"
).split()
_SENTENCES = (
    "适用于{other}配套",
    "{quality}工艺",
    "出厂全检,附材质报告",
    "支持小批量试制",
    "可按图加工",
    "{other}专用",
    "月产稳定,{quality}、{quality}系列齐全",
    "与{other}成套供应",
    "表面{quality}处理",
    "替代进口{other}",
    "符合客户图纸要求",
    "含安装调试",
    "交货期可议",
    "{quality}型,用于{other}",
    "质保两年",
    "自有{quality}产线",
    "长期供货{other}厂家",
    "包装按出口标准",
    "提供第三方检测",
    "通过{other}项目验证",
)


def generate(needs: int, offers: int, seed: int = 1) -> tuple[list[Need], list[Offer]]:
    """``needs`` demand lines and ``offers`` supply lines of one chain, ordered by key."""
    market = _Market(Random(seed))
    return (
        [market.need(number) for number in range(needs)],
        [market.offer(number) for number in range(offers)],
    )


class _Market:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.items = [item for code in CHAINS for item in load(code).items]
        rng.shuffle(self.items)
        self.popularity = _zipf(len(self.items))
        self.qualities = _zipf(len(_QUALITIES))
        self.sentences = _zipf(len(_SENTENCES))

    def need(self, number: int) -> Need:
        item = self._item()
        begin = AS_OF + timedelta(days=self.rng.randrange(20, 90))
        return Need(
            key=f"D{number:07d}",
            firm=f"leader-{self.rng.randrange(200)}",
            chain=CHAIN,
            node=_path(item) if self.rng.random() < 0.9 else (),
            title=self._title(item),
            description=self._description(item) if self.rng.random() < 0.4 else "",
            standards=self._some(item.standards, 0.4),
            requirements=tuple(
                _requirement(self.rng, parameter) for parameter in self._some(item.parameters, 0.7)
            ),
            quantity=self._quantity(item) * 2,
            unit=item.unit,
            period=self.rng.choice((Period.MONTH, Period.MONTH, Period.QUARTER, Period.YEAR)),
            deliver_from=begin,
            deliver_until=begin + timedelta(days=180),
            price_ceiling=_between(self.rng, *item.price) if self.rng.random() < 0.5 else None,
            certificates=self._some(item.certificates, 0.3),
            regions=("14",) if self.rng.random() < 0.1 else (),
            priority=self.rng.choice((0, 0, 0, 1, 2)),
        )

    def offer(self, number: int) -> Offer:
        item = self._item()
        capacity = self._quantity(item)
        price = _between(self.rng, *item.price)
        return Offer(
            key=f"S{number:07d}",
            firm=f"member-{number // 20}",
            chain=CHAIN,
            node=_path(item) if self.rng.random() < 0.85 else (),
            title=self._title(item),
            description=self._description(item) if self.rng.random() < 0.8 else "",
            standards=self._some(item.standards, 0.6),
            properties=tuple(
                _property(self.rng, parameter) for parameter in self._some(item.parameters, 0.8)
            ),
            capacity=capacity,
            free_capacity=(capacity * self.rng.randrange(10, 100) / 100).quantize(Decimal("0.01")),
            unit=item.unit,
            minimum_order=None,
            lead_time_days=self.rng.randrange(7, 90) if self.rng.random() < 0.8 else None,
            price_low=price,
            price_high=price * 2,
            certificates=tuple(
                Certificate(name, expires=AS_OF + timedelta(days=self.rng.randrange(-30, 900)))
                for name in self._some(item.certificates, 0.7)
            ),
            region=self.rng.choice(_REGIONS),
            grades=self._some(_GRADES, 0.15),
        )

    def _item(self) -> Item:
        return self.rng.choices(self.items, cum_weights=self.popularity)[0]

    def _quality(self) -> str:
        return self.rng.choices(_QUALITIES, cum_weights=self.qualities)[0]

    def _title(self, item: Item) -> str:
        name = writing.title(self.rng, self.rng.choice(item.names), extras=True)
        before = self._quality() if self.rng.random() < 0.6 else ""
        chance = self.rng.random()
        if chance < 0.35:
            return f"{before}{name} {_model(self.rng)}"
        return f"{before}{name} {_size(self.rng)}" if chance < 0.6 else before + name

    def _description(self, item: Item) -> str:
        patterns = self.rng.choices(_SENTENCES, cum_weights=self.sentences, k=self.rng.choice((1, 1, 2)))
        told = [self._sentence(pattern) for pattern in patterns]
        if item.standards and self.rng.random() < 0.4:
            told.append(f"执行{writing.standard(self.rng, self.rng.choice(item.standards))}")
        return "。".join(told)

    def _sentence(self, pattern: str) -> str:
        while "{quality}" in pattern:
            pattern = pattern.replace("{quality}", self._quality(), 1)
        return pattern.replace("{other}", self.rng.choice(self._item().names))

    def _some(self, values: Sequence[T], share: float) -> tuple[T, ...]:
        return tuple(value for value in values if self.rng.random() < share)

    def _quantity(self, item: Item) -> Decimal:
        return _between(self.rng, *item.quantity)


def texts(lines: Sequence[Need | Offer]) -> Iterator[str]:
    """Everything that a line says in words, for engines that know one field only."""
    for line in lines:
        stated = line.requirements if isinstance(line, Need) else line.properties
        words = chain.from_iterable(each.values for each in stated)
        yield " ".join((line.title, line.description, *line.standards, *words))


def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


def _path(item: Item) -> tuple[str, ...]:
    return (item.chain, item.node)


def _between(rng: Random, low: Decimal, high: Decimal) -> Decimal:
    return (low + (high - low) * rng.randrange(1_001) / 1_000).quantize(Decimal("0.01")) or Decimal(1)


def _model(rng: Random) -> str:
    letters = "".join(rng.choices("ABCDEFGHJKLMNPQRSTVXYZ", k=rng.randrange(2, 4)))
    return f"{letters}{rng.randrange(10, 100)}-{rng.randrange(1, 40) * 50}"


def _size(rng: Random) -> str:
    form = rng.choice(("φ{a}", "{a}×{b}×{c}mm", "{c}mm", "M{c}×1.5", "DN{a}"))
    a, b, c = (10 * rng.randrange(1, 120), 10 * rng.randrange(1, 60), rng.randrange(2, 60))
    return form.format(a=a, b=b, c=c)


def _requirement(rng: Random, parameter: Parameter) -> Requirement:
    hard = rng.random() < 0.7
    if parameter.choices:
        words = rng.choice(parameter.choices)[:1]
        return Requirement(parameter.name, Operator.EQUAL, values=words, hard=hard)
    value = parameter.value(rng.randrange(parameter.last + 1))
    if parameter.better == "lower":
        return Requirement(parameter.name, Operator.AT_MOST, high=value, unit=parameter.unit, hard=hard)
    return Requirement(parameter.name, Operator.AT_LEAST, low=value, unit=parameter.unit, hard=hard)


def _property(rng: Random, parameter: Parameter) -> Property:
    if parameter.choices:
        return Property(parameter.name, values=(rng.choice(rng.choice(parameter.choices)),))
    value = parameter.value(rng.randrange(parameter.last + 1))
    units = (parameter.unit, *(unit for unit, factor in parameter.alt_units if factor == 1))
    return Property(parameter.name, low=value, high=value, unit=rng.choice(units))
