"""Columns of what a run found and what was decided: matches, gaps, near misses, decisions."""

from __future__ import annotations

from matching.kinds.declaration import Label
from matching.sheets.types import CellType, Column


def _line(name: str, zh: str, en: str) -> tuple[Column, ...]:
    """A line of a list: its firm, credit code, number and title."""
    return (
        Column(f"{name}_firm", Label(f"{zh}企业", f"{en} firm"), width=26),
        Column(f"{name}_uscc", Label(f"{zh}企业信用代码", f"{en} credit code"), CellType.DIGITS, width=21),
        Column(f"{name}_key", Label(f"{zh}条目编号", f"{en} line no."), CellType.DIGITS, width=12),
        Column(f"{name}_title", Label(f"{zh}产品", f"{en} product"), width=26),
    )


DEMAND = _line("demand", "需求", "Demand")
SUPPLY = _line("supply", "供应", "Supply")
_PAIR = (*DEMAND, *SUPPLY)
_RANK = Column("rank", Label("名次", "Rank"), CellType.INTEGER, width=8)
_SCORE = Column("score", Label("得分", "Score"), CellType.NUMBER, width=8)
_ALLOCATED = (
    Column("allocated", Label("每月分配数量", "Allocated a month"), CellType.NUMBER, width=13),
    Column("unit", Label("计量单位", "Unit"), width=10),
    Column("share", Label("占需求的百分比", "Share of the demand, percent"), CellType.NUMBER, width=13),
)

LISTED = (*_PAIR, _RANK, Column("band", Label("等级", "Band"), width=8), _SCORE, *_ALLOCATED)
"""A published matching list."""

MATCHES = (
    *LISTED,
    Column("state", Label("处理结果", "Decision"), width=14),
    Column("excluded", Label("不列入清单", "Kept out of the list"), CellType.FLAG, width=12),
    Column("excluded_reason", Label("不列入的原因", "Reason of exclusion"), width=24),
    Column("conditions", Label("各项条件", "Conditions"), CellType.LONG_TEXT, width=60),
    Column("questions", Label("待供方补充", "Questions to the supplier"), CellType.LONG_TEXT, width=40),
)
"""All matches of a run with what was decided on them."""

NEAR_MISSES = (
    *_PAIR,
    _RANK,
    _SCORE,
    Column("failing", Label("不满足的条件", "Fails"), width=20),
    Column("wanted", Label("要求", "Wanted"), width=18),
    Column("offered", Label("提供", "Offered"), width=18),
    Column("sentence", Label("原因", "Why"), CellType.LONG_TEXT, width=44),
)

GAPS = (
    *DEMAND,
    Column("type", Label("缺口类型", "Type of gap"), width=14),
    Column("uncovered", Label("未满足的百分比", "Uncovered, percent"), CellType.NUMBER, width=13),
    Column("evidence", Label("依据", "Evidence"), CellType.LONG_TEXT, width=60),
)

ACCEPTED = (
    *_PAIR,
    Column("quantity", Label("每月约定数量", "Agreed a month"), CellType.NUMBER, width=13),
    Column("unit", Label("计量单位", "Unit"), width=10),
    Column("day", Label("双方同意日期", "Agreed on"), CellType.DATE, width=13),
)
"""Pairs that both firms said yes to."""

AGREEMENTS = (
    *_PAIR,
    Column("kind", Label("类别", "Kind"), width=10),
    Column("state", Label("状态", "State"), width=14),
    Column("number", Label("合同(文件)编号", "Number of the document"), CellType.DIGITS, width=18),
    Column("signed_on", Label("签订日期", "Signed on"), CellType.DATE, width=13),
    Column("intent_amount", Label("意向金额(元)", "Intent, CNY"), CellType.NUMBER, width=16),
    Column("sample_amount", Label("样品金额(元)", "Sample, CNY"), CellType.NUMBER, width=16),
    Column("quote_amount", Label("报价金额(元)", "Quote, CNY"), CellType.NUMBER, width=16),
    Column("contract_amount", Label("合同金额(元)", "Contract, CNY"), CellType.NUMBER, width=16),
    Column("tax_included", Label("含税", "Tax included"), CellType.FLAG, width=8),
    Column("quantity", Label("数量", "Quantity"), CellType.NUMBER, width=13),
    Column("unit", Label("计量单位", "Unit"), width=10),
    Column("deliver_from", Label("交付起始日期", "Delivery from"), CellType.DATE, width=13),
    Column("deliver_until", Label("交付截止日期", "Delivery until"), CellType.DATE, width=13),
)
"""Agreements; each kind has a column of its own for its amount, so that no sum of a column mixes two."""

SUMMARY = (
    Column("leader", Label("链主企业", "Leader firm"), width=26),
    Column("demand", Label("需求", "Demand"), width=24),
    Column("member", Label("链上企业", "Member firm"), width=26),
    Column("product", Label("供应产品", "Product"), width=24),
    Column("quantity", Label("数量", "Quantity"), CellType.NUMBER, width=12),
    Column("unit", Label("计量单位", "Unit"), width=10),
    Column("result", Label("洽谈结果", "Result of the talk"), width=16),
    Column("kind", Label("合作类别", "Kind of agreement"), width=10),
    Column("intent_wan", Label("意向金额(万元)", "Intent, CNY 10,000"), CellType.NUMBER, width=15),
    Column("sample_wan", Label("样品金额(万元)", "Sample, CNY 10,000"), CellType.NUMBER, width=15),
    Column("quote_wan", Label("报价金额(万元)", "Quote, CNY 10,000"), CellType.NUMBER, width=15),
    Column("contract_wan", Label("合同金额(万元)", "Contract, CNY 10,000"), CellType.NUMBER, width=15),
    Column("next_step", Label("下一步", "Next step"), CellType.LONG_TEXT, width=24),
    Column("due_on", Label("时限", "Until"), CellType.DATE, width=13),
    Column("remark", Label("备注", "Remark"), CellType.LONG_TEXT, width=28),
)
"""What meetings came to; each kind has a column of its own for its amount, where only what counts stands."""

DECISIONS = (
    *_PAIR,
    Column("state", Label("当前状态", "State now"), width=14),
    Column("action", Label("操作", "Step"), width=14),
    Column("reason", Label("理由", "Reason"), CellType.LONG_TEXT, width=36),
    Column("actor", Label("操作人", "By"), width=14),
    Column("day", Label("日期", "Day"), CellType.DATE, width=13),
)
"""Every step that was taken with a pair of lines."""

DISCLOSURES = (
    Column("at", Label("查看时间", "Seen at"), width=20),
    Column("organisation", Label("查看单位", "By"), width=26),
    Column("person", Label("查看人", "Person"), width=14),
    Column("side", Label("清单", "List"), width=10),
    Column("key", Label("条目编号", "Line no."), CellType.DIGITS, width=12),
    Column("title", Label("产品", "Product"), width=26),
    Column("lines", Label("条目数", "Lines"), CellType.INTEGER, width=9),
    Column("parts", Label("查看内容", "What was seen"), width=30),
    Column("via", Label("途径", "Through"), width=10),
)
"""Who saw what of a firm."""
