"""Reads of the two lists: page-shaped for people, value-shaped for the engine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from matching.engine import types
from matching.lists.models import DemandLine, Line, Round, SupplyLine
from matching.lists.queries.completeness import asking, completeness_of, incomplete, with_filled
from matching.lists.queries.words import with_words, with_words_among_many
from matching.lists.states import LineAction, LineState

__all__ = (
    "as_need",
    "as_offer",
    "asking",
    "completeness_of",
    "engine_key",
    "incomplete",
    "lapsing",
    "rounds_with_counts",
    "to_verify",
    "with_filled",
    "with_rows",
    "with_words",
    "with_words_among_many",
)
AnyLine = TypeVar("AnyLine", DemandLine, SupplyLine)
DAYS = {"day": 1, "week": 7, "month": 30}


def with_rows(lines: QuerySet[AnyLine]) -> QuerySet[AnyLine]:
    """Lines with everything that a page, a response or the engine reads; constant queries."""
    rows = ("requirements", "attachments") if lines.model is DemandLine else ("properties", "certificates")
    return lines.select_related("organisation", "chain", "node", "round").prefetch_related(
        "organisation__grades", *rows
    )


def engine_key(line: Line) -> str:
    """The line's identity in lists and files: credit code and the firm's own number."""
    return f"{line.organisation.uscc}/{line.key}"


def as_need(line: DemandLine) -> types.Need:
    """A demand line as the engine sees it."""
    return types.Need(
        key=engine_key(line),
        firm=line.organisation.uscc or "",
        chain=line.chain_id,
        node=tuple(line.node.path) if line.node else (),
        title=line.title,
        description=line.description,
        category_code=line.category_code,
        standards=tuple(line.standards),
        requirements=tuple(
            types.Requirement(
                parameter=row.parameter,
                operator=types.Operator(row.operator),
                low=row.low,
                high=row.high,
                values=tuple(row.values),
                unit=row.unit,
                hard=row.hard,
            )
            for row in line.requirements.all()
        ),
        quantity=line.quantity,
        unit=line.unit,
        period=types.Period(line.period),
        deliver_from=line.deliver_from,
        deliver_until=line.deliver_until,
        price_ceiling=line.price_ceiling,
        certificates=tuple(line.certificates),
        regions=tuple(line.regions),
        region_required=line.region_required,
        max_suppliers=line.max_suppliers,
        priority=line.priority,
    )


def as_offer(line: SupplyLine, as_of: date, aliases: tuple[str, ...] = ()) -> types.Offer:
    """A supply line as the engine sees it; grades that have expired do not count.

    ``aliases`` are texts of needs for which people confirmed it.
    """
    days = DAYS[line.lead_time_unit]
    return types.Offer(
        key=engine_key(line),
        firm=line.organisation.uscc or "",
        chain=line.chain_id,
        node=tuple(line.node.path) if line.node else (),
        title=line.title,
        description=line.description,
        standards=tuple(line.standards),
        properties=tuple(
            types.Property(
                parameter=row.parameter,
                low=row.low,
                high=row.high,
                values=tuple(row.values),
                unit=row.unit,
                tolerance=row.tolerance,
            )
            for row in line.properties.all()
        ),
        capacity=line.capacity,
        free_capacity=None if line.free_capacity is None else line.free_capacity - line.committed,
        unit=line.unit,
        minimum_order=line.minimum_order,
        lead_time_days=None if line.lead_time is None else line.lead_time * days,
        price_low=line.price_low,
        price_high=line.price_high,
        certificates=tuple(
            types.Certificate(name=row.name, number=row.number, expires=row.expires)
            for row in line.certificates.all()
        ),
        region=line.organisation.region,
        grades=tuple(line.organisation.valid_grades(as_of)),
        first_of_kind=bool(line.first_of_kind),
        aliases=aliases,
    )


def rounds_with_counts(user: User) -> QuerySet[Round]:
    """Visible rounds, each with how many lines came in and how many are verified."""
    came = ~Q(demandline__state=LineState.DRAFT)
    return (
        Round.objects.visible_to(user)
        .select_related("chain")
        .annotate(
            demand_count=Count("demandline", filter=came, distinct=True),
            demand_verified=Count(
                "demandline", filter=Q(demandline__state=LineState.VERIFIED), distinct=True
            ),
        )
    )


LAPSING_DAYS = 30


def lapsing(lines: QuerySet[AnyLine]) -> QuerySet[AnyLine]:
    """Lines that take part and lapse within a month, or have lapsed already."""
    held = [LineState.SUBMITTED, LineState.VERIFIED, LineState.RETURNED, LineState.EXPIRED]
    return lines.filter(state__in=held, valid_until__lte=timezone.localdate() + timedelta(days=LAPSING_DAYS))


def to_verify(user: User, model: type[AnyLine]) -> QuerySet[AnyLine]:
    """Submitted lines that the person may verify or return, the longest waiting first."""
    reach = model.permits.within(user, LineAction.VERIFY, chain="chain_id", region="organisation__region")
    return model.objects.filter(reach, state=LineState.SUBMITTED).order_by("submitted_at", "pk")
