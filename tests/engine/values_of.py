"""Needs, offers and strategies that the engine's tests share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

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

AS_OF = date(2026, 11, 22)
GLOSSARY = Glossary(
    synonyms=(("电机", "马达", "电动机"), ("抗拉强度", "拉伸强度"), ("链条", "链")),
    grades=(("304", "06Cr19Ni10", "S30408"), ("Q355B", "Q345B")),
)
STRENGTH = Requirement("抗拉强度", Operator.AT_LEAST, low=Decimal(690), unit="MPa")


def need(key: str = "D1", **changes: Any) -> Need:
    """A need for chain links, 100 t a month."""
    values: dict[str, Any] = {
        "firm": "leader",
        "chain": "coal-machinery",
        "node": ("upstream", "transport", "chain"),
        "title": "刮板输送机圆环链条",
        "requirements": (STRENGTH,),
        "quantity": Decimal(100),
        "unit": "吨",
    }
    return Need(key=key, **(values | changes))


def offer(key: str = "S1", **changes: Any) -> Offer:
    """An offer that meets ``need()`` in full."""
    values: dict[str, Any] = {
        "firm": f"firm-{key}",
        "chain": "coal-machinery",
        "node": ("upstream", "transport", "chain"),
        "title": "矿用圆环链条",
        "properties": (Property("拉伸强度", Decimal(720), Decimal(720), unit="MPa"),),
        "capacity": Decimal(500),
        "free_capacity": Decimal(200),
        "unit": "吨",
        "minimum_order": Decimal(5),
        "lead_time_days": 30,
        "price_low": Decimal(9_000),
        "price_high": Decimal(9_900),
        "certificates": (Certificate("ISO 9001", "123", date(2027, 1, 1)),),
        "region": "140105",
    }
    return Offer(key=key, **(values | changes))


quantities = st.decimals(min_value=Decimal("0.5"), max_value=5_000, places=2)
_titles = st.sampled_from(
    ("圆环链条", "刮板输送机链条", "矿用电机", "防爆马达", "304不锈钢板", "06Cr19Ni10 钢板", "硅片", "轴承钢")
)
_units = st.sampled_from(("吨", "kg", "t", "件", "台"))
_nodes = st.sampled_from(((), ("up", "a", "1"), ("up", "a", "2"), ("mid", "b", "3")))


def _strengths(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(Decimal)


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    """A numeric requirement of any operator."""
    operator = draw(st.sampled_from([o for o in Operator if o is not Operator.ONE_OF]))
    low = draw(_strengths(400, 900))
    high = low if operator is Operator.EQUAL else low + draw(_strengths(1, 100))
    return Requirement("抗拉强度", operator, low, high, unit="MPa", hard=draw(st.booleans()))


@st.composite
def needs(draw: st.DrawFn, key: str) -> Need:
    """A need with some of its fields missing."""
    return Need(
        key=key,
        firm=draw(st.sampled_from(("leader-a", "leader-b"))),
        chain="coal-machinery",
        node=draw(_nodes),
        title=draw(_titles),
        requirements=tuple(draw(st.lists(requirements(), max_size=2))),
        quantity=draw(st.none() | quantities),
        unit=draw(_units),
        period=draw(st.sampled_from(Period)),
        deliver_until=draw(st.none() | st.dates(date(2026, 12, 1), date(2027, 6, 1))),
        price_ceiling=draw(st.none() | quantities),
        max_suppliers=draw(st.none() | st.integers(1, 3)),
        priority=draw(st.integers(0, 2)),
        regions=draw(st.sampled_from(((), ("14",), ("1401", "1402")))),
    )


@st.composite
def offers(draw: st.DrawFn, key: str) -> Offer:
    """An offer with some of its fields missing."""
    strength = draw(st.none() | _strengths(350, 1_000))
    stated = () if strength is None else (Property("拉伸强度", strength, strength, unit="MPa"),)
    return Offer(
        key=key,
        firm=draw(st.sampled_from(("member-a", "member-b", "leader-a"))),
        chain=draw(st.sampled_from(("coal-machinery", "coal-machinery", "photovoltaic"))),
        node=draw(_nodes),
        title=draw(_titles),
        properties=stated,
        free_capacity=draw(st.none() | quantities),
        unit=draw(_units),
        minimum_order=draw(st.none() | quantities),
        lead_time_days=draw(st.none() | st.integers(0, 200)),
        price_low=draw(st.none() | quantities),
        region=draw(st.sampled_from(("", "140105", "140200", "310000"))),
        grades=draw(st.sampled_from(((), ("专精特新",), ("规上", "小巨人")))),
    )


@st.composite
def markets(draw: st.DrawFn, most: int = 8) -> tuple[list[Need], list[Offer]]:
    """Both lists of a small run."""
    wanted = [draw(needs(f"D{at}")) for at in range(draw(st.integers(1, most)))]
    given = [draw(offers(f"S{at}")) for at in range(draw(st.integers(0, most)))]
    return wanted, given
