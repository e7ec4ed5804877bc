"""Rows of the summary (供需信息情况汇总表): a row an agreement, or a pair that has none."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from matching.agreements.amounts import Kind
from matching.agreements.models import Milestone, MilestoneState, Outcome
from matching.agreements.states import IN_FORCE
from matching.papers.queries.facts import language
from matching.papers.queries.summary.extent import Extent
from matching.review.models import Review
from matching.review.states import ReviewState

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One row. ``amount`` is CNY; what ``counts`` not is stated by one side only and stands in no total.

    Without an agreement the quantity is what both sides accepted for a month.
    """

    pair: uuid.UUID
    leader: str
    demand: str
    member: str
    product: str
    quantity: Decimal | None
    unit: str
    monthly: bool
    result: str
    kind: Kind | None
    amount: Decimal | None
    tax_included: bool
    counts: bool
    next_step: str
    due_on: date | None
    remark: str


def with_talks(extent: Extent, pairs: QuerySet[Review]) -> QuerySet[Review]:
    """Pairs with firms, and with their talks, agreements and milestones of the extent; three more queries."""
    talks = extent.talks().select_related("outcome", "meeting")
    agreements = extent.agreements().order_by("signed_on", "created_at", "pk")
    return pairs.select_related("demand__organisation", "supply__organisation").prefetch_related(
        Prefetch("appointments", talks, to_attr="told_talks"),
        Prefetch("agreements", agreements, to_attr="told_agreements"),
        "milestones",
    )


def lines(pairs: Iterable[Review]) -> Iterator[Line]:
    """Rows of pairs as ``with_talks`` reads them."""
    for pair in pairs:
        yield from lines_of(pair)


def every_line(extent: Extent) -> Iterator[Line]:
    """All rows; a constant number of queries for each ``AT_A_TIME``."""
    return lines(with_talks(extent, extent.pairs()).iterator(chunk_size=AT_A_TIME))


def lines_of(pair: Any) -> list[Line]:
    """A pair's rows, in the order in which it agreed."""
    outcome = next((talk.outcome for talk in pair.told_talks if hasattr(talk, "outcome")), None)
    awaited = next((one for one in pair.milestones.all() if one.state == MilestoneState.AWAITED), None)
    said = _said(outcome, bool(pair.told_talks))
    step, due_on = _next(pair, outcome, awaited)
    notes = _notes(pair)
    found = []
    for one in pair.told_agreements or [None]:
        counts = one is not None and one.state in IN_FORCE
        more = [] if one is None else _about(one, counts=counts)
        agreed = one is not None and one.quantity is not None
        found.append(
            Line(
                pair=pair.pk,
                leader=pair.demand.organisation.name,
                demand=pair.demand.title,
                member=pair.supply.organisation.name,
                product=pair.supply.title,
                quantity=one.quantity if agreed else pair.quantity,
                unit=one.unit if agreed else pair.supply.unit,
                monthly=not agreed,
                result=said,
                kind=Kind(one.kind) if one is not None else None,
                amount=one.amount if one is not None else None,
                tax_included=one is None or one.tax_included,
                counts=counts,
                next_step=step,
                due_on=due_on,
                remark=_joined([*more, *notes]),
            )
        )
    return found


def _said(outcome: Outcome | None, arranged: bool) -> str:
    if outcome is None:
        return _("Not recorded yet") if arranged else _("Agreed outside a meeting")
    told = str(outcome.get_result_display())
    return f"{told}: {outcome.get_absent_display()}" if outcome.absent else told


def _next(pair: Review, outcome: Outcome | None, awaited: Milestone | None) -> tuple[str, date | None]:
    if pair.state != ReviewState.ACCEPTED:
        return "", None
    said = outcome.next_step if outcome is not None else ""
    if awaited is not None:
        return said or str(awaited.get_step_display()), awaited.due_on
    return said, outcome.due_on if outcome is not None else None


def _about(agreement: Any, *, counts: bool) -> list[str]:
    told = [agreement.number, agreement.note]
    if not agreement.tax_included and agreement.amount is not None:
        told.append(_("without tax"))
    if not counts:
        told.append(_("stated by one side, not counted"))
    return told


def _notes(pair: Any) -> list[str]:
    if pair.state != ReviewState.ACCEPTED:
        return [_("broken off")]
    done = [one for one in pair.milestones.all() if one.step == "delivery" and one.done_on is not None]
    return [_("delivered on %(day)s") % {"day": f"{one.done_on:%Y-%m-%d}"} for one in done]


def _joined(parts: Iterable[str]) -> str:
    return ("；" if language() == "zh" else "; ").join(part for part in parts if part)
