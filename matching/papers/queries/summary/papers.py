"""The summary and the figures as official papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext as _

from matching.agreements.amounts import Kind, wan
from matching.documents.paper import Block, Paper, Table, Text, columns, plain, row
from matching.papers.queries.facts import day, language
from matching.papers.queries.summary.extent import Extent
from matching.papers.queries.summary.figures import Figures
from matching.papers.queries.summary.indicators import indicators
from matching.papers.queries.summary.rows import Line

MOST_ROWS = 2_000
"""Of a paper; a workbook has no limit."""


def title_of(extent: Extent) -> str:
    """Of which meeting, or of which chain and period."""
    if extent.meeting is not None:
        return f"{extent.meeting.title} {day(extent.meeting.date)}"
    name = _("All chains") if extent.chain is None else str(extent.chain)
    return f"{name} {extent.period}"


def summary_paper(extent: Extent, lines: Iterable[Line], told: Figures) -> Paper:
    """供需信息情况汇总表: a row an agreement, totals by kind below."""
    head = columns(
        *((_("No."), 1, "center"), (_("Leader firm"), 3), (_("Demand"), 2.4), (_("Member firm"), 3)),
        *((_("Product and quantity"), 2.8), (_("Result of the talk"), 1.8), (_("Kind"), 1.2, "center")),
        *((_("Amount (CNY 10,000)"), 1.8, "right"), (_("Next step"), 2.6), (_("Remark"), 2.2)),
    )
    found = list(islice(lines, MOST_ROWS + 1))
    rows = [_row(number, line) for number, line in enumerate(found[:MOST_ROWS], start=1)]
    cut = _("The first %(count)d rows; all of them stand in the workbook.") % {"count": MOST_ROWS}
    return Paper(
        title=_("Summary of demand and supply"),
        blocks=(
            _about(extent),
            Table(head, tuple(rows)),
            *([Text(cut)] if len(found) > MOST_ROWS else ()),
            *_totals(told),
        ),
        language=language(),
        wide=True,
    )


def _row(number: int, line: Line) -> tuple[str, ...]:
    quantity = f"{_amount(line.quantity)}{line.unit}" if line.quantity else ""
    each = _("%(quantity)s a month") % {"quantity": quantity} if line.monthly and quantity else quantity
    step = " ".join(
        part for part in (line.next_step, f"{line.due_on:%Y-%m-%d}" if line.due_on else "") if part
    )
    return row(
        *(number, line.leader, line.demand, line.member, f"{line.product} {each}", line.result),
        *(line.kind.label if line.kind else None, wan(line.amount), step, line.remark),
    )


def _amount(value: Decimal | None) -> str:
    """A quantity without idle zeros."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _totals(told: Figures) -> Iterable[Block]:
    head = columns(
        *(
            (_("Kind"), 2),
            (_("Agreements (number)"), 2, "right"),
            (_("CNY 10,000, tax included"), 3, "right"),
        ),
        *((_("CNY 10,000, without tax"), 3, "right"), (_("Without an amount"), 2, "right")),
    )
    rows = [
        row(_total_of(one.kind), one.count, wan(one.with_tax), wan(one.without_tax), one.open)
        for one in told.kinds
    ]
    yield Table(head, tuple(rows))
    yield Text(
        _(
            "Only what both sides confirmed or the office recorded is counted; kinds are never added up."
            " Totals are taken in yuan and rounded afterwards."
        )
    )


def _total_of(kind: Kind) -> str:
    return _("Total of %(kind)s") % {"kind": kind.label}


def figures_paper(
    extent: Extent, told: Figures, groups: Mapping[str, Figures], names: Mapping[str, str]
) -> Paper:
    """统计表: the figures that offices report, and the same by chain or city where there are several."""
    head = columns((_("Figure"), 6), (_("Unit"), 2, "center"), (_("Value of the figure"), 3, "right"))
    rows = [row(one.name, one.unit, one.number or "—") for one in indicators(told)]
    blocks: list[Block] = [_about(extent), Table(head, tuple(rows)), _hidden()]
    if len(groups) > 1:
        blocks.append(_by_group(extent, groups, names))
    return Paper(
        title=_("Figures of demand and supply"), blocks=tuple(blocks), language=language(), wide=False
    )


def _hidden() -> Text:
    return Text(
        _(
            "The value of demands is told where at least three leader firms named a price. Intents and"
            " contracts are never added up."
        )
    )


def _by_group(extent: Extent, groups: Mapping[str, Figures], names: Mapping[str, str]) -> Table:
    first = _("City of the leader firm") if extent.by_city else _("Chain")
    head = columns(
        *((first, 3), (_("Pairs met"), 1.6, "right"), (_("Intents"), 1.6, "right")),
        *((_("Intents, CNY 10,000"), 2.4, "right"), (_("Contracts"), 1.6, "right")),
        *((_("Contracts, CNY 10,000"), 2.4, "right"), (_("Pairs delivered"), 1.6, "right")),
    )
    return Table(head, tuple(row(*cells) for cells in group_cells(groups, names)))


def group_cells(groups: Mapping[str, Figures], names: Mapping[str, str]) -> list[Sequence[object]]:
    """A row a group: met, intents and their value with tax, contracts and theirs, delivered."""
    return [
        (
            *(names[code], one.met, one.intents.count, wan(one.intents.with_tax)),
            *(one.contracts.count, wan(one.contracts.with_tax), one.delivered),
        )
        for code, one in groups.items()
    ]


def _about(extent: Extent) -> Text:
    return Text(plain(title_of(extent)), flush=True, align="center")
