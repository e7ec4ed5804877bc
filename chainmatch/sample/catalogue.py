"""The hand-written catalogues that the sample is built from: what is bought and sold in each chain."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUES = Path(__file__).parent / "catalogues"
TREES = Path(__file__).parents[2] / "matching" / "chains" / "data"
CHAINS = (
    "rail-transit",
    "coal-machinery",
    "general-aviation",
    "semiconductor",
    "carbon-materials",
    "bio-materials",
    "special-metals",
    "big-data",
    "photovoltaic",
    "nev",
)
# What is weighed or measured; everything else is counted in whole pieces.
MEASURED = frozenset(
    "t kg g 公斤 吨 m m² m³ km L W kW MW kWh Wh GWh MWh 米 平方米 立方米 万吨 万m² 平米 mL cm".split()
)
SAME_PRODUCT = 0.55
SPANS = ("范围", "温度", "量程", "行程", "工作区间", "频段")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A technical parameter of a product: a grid of numbers in ``unit``, or groups of words.

    ``better`` is ``higher``, ``lower``, ``between`` or ``one_of``. ``alt_units`` holds other units
    with the factor that turns a value in ``unit`` into one in them.
    """

    name: str
    aliases: tuple[str, ...]
    better: str
    unit: str = ""
    alt_units: tuple[tuple[str, Decimal], ...] = ()
    lowest: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    last: int = 0
    choices: tuple[tuple[str, ...], ...] = ()

    def value(self, position: int) -> Decimal:
        """The number at a position of the grid, 0 … ``last``."""
        return self.lowest + position * self.step

    @property
    def is_span(self) -> bool:
        """Whether the name speaks of a span that an offer must cover whole (工作温度, 量程)."""
        return self.better == "between" and any(word in self.name for word in SPANS)


@dataclass(frozen=True, slots=True)
class Item:
    """One product of a chain. Quantities are per month in ``unit``, prices CNY per ``unit`` with tax.

    ``unit_variants`` holds other written units, each with how many of ``unit`` one of them is.
    """

    position: int
    chain: str
    node: str
    names: tuple[str, ...]
    near: tuple[str, ...]
    unit: str
    unit_variants: tuple[tuple[str, Decimal], ...]
    quantity: tuple[Decimal, Decimal]
    price: tuple[Decimal, Decimal]
    standards: tuple[str, ...]
    certificates: tuple[str, ...]
    hs: str
    parameters: tuple[Parameter, ...]

    @property
    def counted(self) -> bool:
        """Whether it is bought in whole pieces."""
        return self.unit not in MEASURED


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products of a chain, with the neighbours of each node in the chain's tree."""

    chain: str
    name_zh: str
    items: tuple[Item, ...]
    segments: tuple[tuple[str, tuple[str, ...]], ...]

    def neighbours(self, node: str) -> tuple[str, ...]:
        """Other product nodes of the node's segment."""
        return next((tuple(n for n in nodes if n != node) for _, nodes in self.segments if node in nodes), ())

    def segment(self, node: str) -> str:
        """Chinese name of the node's segment."""
        return next((name for name, nodes in self.segments if node in nodes), self.name_zh)


@cache
def load(chain: str) -> Catalogue:
    """Read a chain's catalogue and tree."""
    tree = _read(TREES / f"{chain}.toml")
    rows = _read(CATALOGUES / f"{chain}.toml")["items"]
    items = [_item(chain, position, row) for position, row in enumerate(rows)]
    return Catalogue(
        chain=chain,
        name_zh=tree["name_zh"],
        items=tuple(_without_false_decoys(item, items) for item in items),
        segments=tuple(
            (segment["name_zh"], tuple(product["code"] for product in segment["products"]))
            for segment in tree["segments"]
        ),
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def _item(chain: str, position: int, row: dict[str, Any]) -> Item:
    return Item(
        position=position,
        chain=chain,
        node=row["node"],
        names=tuple(row["names"]),
        near=tuple(row["near"]),
        unit=row["unit"],
        unit_variants=_factors(row["unit_variants"]),
        quantity=_ends(row["quantity"]),
        price=_ends(row["price"]),
        standards=tuple(row["standards"]),
        certificates=tuple(row["certificates"]),
        hs=row["hs"],
        parameters=tuple(_parameter(entry) for entry in row["parameters"]),
    )


def _parameter(row: dict[str, Any]) -> Parameter:
    name, aliases, better = row["name"], tuple(row.get("aliases", ())), row["better"]
    if better == "one_of":
        return Parameter(name, aliases, better, choices=tuple(tuple(group) for group in row["choices"]))
    lowest, highest = _ends(row["range"])
    step = Decimal(row["step"])
    return Parameter(
        name,
        aliases,
        better,
        unit=row["unit"],
        alt_units=_factors(row.get("alt_units", ())),
        lowest=lowest,
        step=step,
        last=int((highest - lowest) / step),
    )


def _ends(pair: list[Any]) -> tuple[Decimal, Decimal]:
    return Decimal(pair[0]), Decimal(pair[1])


def _factors(pairs: Any) -> tuple[tuple[str, Decimal], ...]:
    return tuple((unit, Decimal(factor)) for unit, factor in pairs)


def _without_false_decoys(item: Item, items: list[Item]) -> Item:
    """A ``near`` name that is another item's own product would be a right answer there."""
    others = [_pairs(name) for other in items if other.node != item.node for name in other.names]
    own = {_bare(name) for name in item.names}
    near = tuple(
        name
        for name in item.near
        if _bare(name) not in own and not any(_alike(_pairs(name), other) for other in others)
    )
    return replace(item, near=near)


def _bare(name: str) -> str:
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME_PRODUCT * len(one | other)


@cache
def _pairs(name: str) -> frozenset[str]:
    """Pairs of neighbouring signs."""
    text = _bare(name)
    return frozenset(text[at : at + 2] for at in range(max(1, len(text) - 1)))
