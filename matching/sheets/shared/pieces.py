"""Pieces that several shared columns are made of."""

from __future__ import annotations

from collections.abc import Iterable

from matching.kinds.declaration import Label
from matching.sheets.types import CellType, Column

SECRET = Label(
    "商业秘密：仅本企业和主管的链长办专班可见。",
    "Trade secret: only your firm and the chain office see it.",
)
YUAN = Label(
    "含税单价，单位：元。商业秘密：仅本企业和主管的链长办专班可见。",
    "Yuan a unit, tax included. Trade secret: only your firm and the chain office see it.",
)
SEVERAL = Label("多项之间用顿号分隔。", "Separate several by 、 or a semicolon.")
DAY = Label("写成 2026-11-22。", "Write the day as 2026-11-22.")


def region(name: str, zh: str, en: str, *, aliases: tuple[str, ...] = ()) -> Column:
    """A region in three steps; each step's drop-down follows the one before."""
    steps = (("province", "省份", "province"), ("city", "城市", "city"), ("county", "区县", "county"))
    parts = tuple(
        Column(
            f"{name}.{step}", Label(f"{zh}-{step_zh}", f"{en} {step_en}"), CellType.REGION, example=example
        )
        for (step, step_zh, step_en), example in zip(steps, ("山西省", "太原市", "小店区"), strict=True)
    )
    return Column(name, Label(zh, en), CellType.REGION, aliases=aliases, width=24, parts=parts)


def by_name(columns: Iterable[Column]) -> dict[str, Column]:
    return {column.name: column for column in columns}
