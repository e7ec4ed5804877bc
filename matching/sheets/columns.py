"""The columns of a kind's lists: one specification for template, reader, writer and API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from matching.kinds.declaration import FieldType, Kind, KindField, Label
from matching.sheets.shared import BOTH, NEED, OFFER
from matching.sheets.types import CellType, Choice, Column

Side = Literal["need", "offer"]
OWN = "attributes."
"""Names of a kind's own fields begin with this, as in the API's messages."""

FIRM = (
    Column(
        "firm",
        Label("企业名称", "Firm"),
        aliases=("企业", "单位名称", "公司名称", "供应商名称", "链主企业", "链上企业", "Company"),
        width=30,
    ),
    Column(
        "uscc",
        Label("统一社会信用代码", "Credit code"),
        CellType.DIGITS,
        aliases=("信用代码", "社会信用代码", "统一信用代码", "USCC", "Unified social credit code"),
        width=22,
    ),
)
"""In front of an office's exports. An upload belongs to one firm: readers pass over them."""

SERIAL = Column(
    "serial",
    Label("序号", "Serial no."),
    aliases=("行号", "行次", "No.", "No"),
    width=6,
)
"""Counts the rows of other people's workbooks from 1, anew in each: it moves when a row is put in, so that it
names no line. Readers pass over it."""

STATE = (
    Column("state", Label("状态", "State"), aliases=("条目状态",), width=10),
    Column("reason", Label("退回原因", "Reason of return"), CellType.LONG_TEXT, width=24),
)
"""At the end of exports; readers pass over them."""

REMEDIES = Column("remedies", Label("修改建议", "What to mend"), CellType.LONG_TEXT, width=48)
"""The last column of a marked copy; readers pass over it, marking again replaces it."""

EXAMPLE = Label("示例", "Example")
"""What stands in ``key`` of a template's example row; readers pass over such a row."""

HELP = Label("填写说明", "Instructions")
"""Name of the sheet of instructions; readers pass over it."""

LISTS = "_lists"
"""Name of the hidden sheet that drop-downs choose from; readers pass over it."""

TOO_LONG = Label("[内容过长，一个单元格放不下，请在系统中查看]", "[Too long for a cell; see the line itself]")
"""Stands in exports for what no cell holds; readers leave what is stored there."""

REQUIRED_MARK = "*"
"""Follows the heading of a required column in our workbooks."""

IGNORED = (*FIRM, SERIAL, *STATE, REMEDIES)
"""Columns that our own workbooks may carry beside those of the list."""

_OWN_TYPES = {
    FieldType.TEXT: CellType.TEXT,
    FieldType.NUMBER: CellType.NUMBER,
    FieldType.CHOICE: CellType.CHOICE,
    FieldType.DATE: CellType.DATE,
    FieldType.FLAG: CellType.FLAG,
}
_HEAD = ("key", "chain")
_MAX_OWN_TEXT = 500


def columns(kind: Kind, side: Side) -> tuple[Column, ...]:
    """All columns of a kind's list in the order of its template.

    First ``key`` and ``chain``, which each list has, and ``node``; then the other shared columns that the
    kind names, then its own fields as ``attributes.<name>``. ``required`` columns are needed before a line
    can be handed in; a draft may lack them, but for ``title`` and ``chain``. ``key`` may be empty: whoever
    stores the line gives a number. A column may be written in ``parts``; ``flat`` spreads these.
    """
    shared = BOTH | (NEED if side == "need" else OFFER)
    fields = kind.need_fields if side == "need" else kind.offer_fields
    own = kind.own_need_fields if side == "need" else kind.own_offer_fields
    ordered = sorted(fields, key=lambda item: item.name != "node")
    return (
        *(shared[name] for name in _HEAD),
        *(_shared(shared[item.name], item) for item in ordered),
        *(_own(item) for item in own),
    )


def flat(specification: Iterable[Column]) -> Iterator[Column]:
    """The columns as they stand in a workbook of ours: parts in place of the column that they make up."""
    for column in specification:
        yield from column.parts or (column,)


def _shared(column: Column, item: KindField) -> Column:
    return replace(
        column,
        label=item.label or column.label,
        required=item.required,
        aliases=(*item.aliases, *column.aliases),
        note=item.note or column.note,
        example=item.example or column.example,
    )


def _own(item: KindField) -> Column:
    return Column(
        OWN + item.name,
        item.label or Label(item.name, item.name),
        _OWN_TYPES[item.type],
        required=item.required,
        aliases=item.aliases,
        note=item.note,
        example=item.example,
        choices=tuple(Choice(option, Label(option, option)) for option in item.options),
        max_length=_MAX_OWN_TEXT if item.type == FieldType.TEXT else None,
    )
