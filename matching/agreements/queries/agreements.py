"""Agreements as lists, rows of files and totals by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, Sum

from accounts.models import User
from matching.agreements.amounts import Kind, Total, totals
from matching.agreements.models import Agreement, AgreementEvent, Outcome
from matching.agreements.states import IN_FORCE
from matching.runs.queries.sheets import AT_A_TIME, Row, line_cells

PAIR = (
    *("review__demand__organisation", "review__demand__chain"),
    *("review__supply__organisation", "review__supply__chain"),
)


def agreements(user: User) -> QuerySet[Agreement]:
    """Visible agreements with both lines and firms, the newest first."""
    visible = Agreement.objects.visible_to(user).select_related(*PAIR)
    return visible.order_by("-signed_on", "-created_at", "pk")


def whole(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Agreements with their versions, steps and files."""
    steps = AgreementEvent.objects.select_related("actor")
    return rows.prefetch_related("versions", Prefetch("events", steps), "attachments")


def outcomes(user: User) -> QuerySet[Outcome]:
    """Visible results of appointments, the newest first."""
    found = Outcome.objects.visible_to(user).select_related(
        "appointment__meeting",
        "appointment__review__demand__organisation",
        "appointment__review__supply__organisation",
        "agreement",
    )
    return found.order_by("-created_at", "pk")


def totals_of(rows: QuerySet[Agreement]) -> Mapping[Kind, Total]:
    """What agreements in force come to, each kind by itself; one query."""
    grouped = (
        rows.filter(state__in=IN_FORCE)
        .order_by()
        .values_list("kind", "tax_included")
        .annotate(sum_of_amounts=Sum("amount"), number_of_rows=Count("*"), priced=Count("amount"))
    )
    return totals(grouped)


def totals_by(rows: QuerySet[Agreement], column: str) -> Mapping[Any, Mapping[Kind, Total]]:
    """The same for each value of a column; one query."""
    grouped = (
        rows.filter(state__in=IN_FORCE)
        .order_by()
        .values_list(column, "kind", "tax_included")
        .annotate(sum_of_amounts=Sum("amount"), number_of_rows=Count("*"), priced=Count("amount"))
    )
    found: dict[Any, list[Any]] = {}
    for value, *row in grouped:
        found.setdefault(value, []).append(row)
    return {value: totals(found[value]) for value in found}


def agreement_rows(rows: QuerySet[Agreement]) -> Iterator[Row]:
    """Agreements as rows of a file, each amount in the column of its kind."""
    found: Any = rows.iterator(chunk_size=AT_A_TIME)
    for one in found:
        yield {
            **line_cells("demand", one.review.demand, one.review.demand.title),
            **line_cells("supply", one.review.supply, one.review.supply.title),
            "kind": one.get_kind_display(),
            "state": one.get_state_display(),
            "number": one.number,
            "signed_on": one.signed_on,
            f"{one.kind}_amount": one.amount,
            **{name: getattr(one, name) for name in ("tax_included", "quantity", "unit")},
            "deliver_from": one.deliver_from,
            "deliver_until": one.deliver_until,
        }
