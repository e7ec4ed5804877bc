"""Pages of a list and of one line."""

from __future__ import annotations

import uuid
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from accounts import access as roles
from matching.chains.queries import region_names
from matching.errors import Invalid
from matching.lists import access, queries, services
from matching.lists.forms import LineFilter
from matching.lists.models import Round
from matching.lists.portal.shown import label, shown_fields
from matching.lists.portal.sides import ListSide, action_in, change_all, ids_in
from matching.lists.states import OFFICE_ACTIONS, LineAction, LineState, RoundState
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show

BULK_FIRM_ACTIONS = (LineAction.SUBMIT, LineAction.WITHDRAW, LineAction.RESTORE, LineAction.CONFIRM)


@page("GET")
def line_list(request: PortalRequest, side: ListSide) -> HttpResponse:
    """A firm's own list; offices see the submitted lines of their chains and cities."""
    firms = request.user.firms(side.owner)
    refuse_unless(bool(firms) or request.user.is_office)
    lines = side.model.objects.visible_to(request.user)
    if firms and not request.user.is_office:
        lines = lines.filter(organisation__in=firms)
    counts = dict(lines.order_by().values_list("state").annotate(Count("pk")))
    filters = LineFilter(request.GET or None)
    if not request.user.is_office:
        del filters.fields["city"]
    narrowed = filters.narrow(lines) if filters.is_bound else lines
    found = page_of(
        request,
        narrowed.select_related("organisation", "chain", "node", "round").order_by("-updated_at", "pk"),
    )
    return show(
        request,
        "lists/line_list.html",
        {
            "side": side,
            "page": found,
            "filters": filters,
            "states": [
                (state, label, counts[state]) for state, label in LineState.choices if state in counts
            ],
            "total": sum(counts.values()),
            "own": bool(firms),
            "regions": region_names({line.organisation.region[:4] for line in found}),
            "open_rounds": _open_rounds(lines) if firms else [],
        },
    )


def _open_rounds(lines: Any) -> QuerySet[Round]:
    open_ones = Round.objects.filter(state=RoundState.OPEN, chain__in=lines.order_by().values("chain"))
    return open_ones.select_related("chain").order_by("closes_at")


@page("POST")
def line_bulk(request: PortalRequest, side: ListSide) -> HttpResponse:
    """Submit, withdraw, restore or confirm several of one's own lines."""
    firms = request.user.firms(side.owner)
    refuse_unless(bool(firms))
    action = action_in(request.POST.get("action", ""), BULK_FIRM_ACTIONS)
    lines = side.model.objects.filter(organisation__in=firms, pk__in=ids_in(request.POST.getlist("line")))
    change_all(request, side, lines, action)
    return back(request, f"{side.name}_list")


@page("GET")
def line_detail(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    """A line with its rows, attachments, history and what may be done with it now."""
    return detail(request, side, pk)


def detail(
    request: PortalRequest, side: ListSide, pk: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    line = get_object_or_404(queries.with_rows(side.model.objects.visible_to(request.user)), pk=pk)
    actions = access.actions(request.user, line)
    return show(
        request,
        "lists/line_detail.html",
        {
            "side": side,
            "line": line,
            "fields": shown_fields(request.user, line),
            "rows": line.requirements.all() if side.is_demand else line.properties.all(),
            "certificates": [] if side.is_demand else line.certificates.all(),
            "attachments": line.attachments.all() if side.is_demand else [],
            "events": line.events.select_related("actor"),
            "region": region_names([line.organisation.region])[line.organisation.region],
            "grades": [held.get_grade_display() for held in line.organisation.grades.all()],
            "actions": [action for action in actions if action != LineAction.EDIT],
            "can_edit": LineAction.EDIT in actions,
            "can_compare": roles.watches_chain(request.user, line.chain_id),
            "act_url": side.url("act", line.pk),
            "edit_url": side.url("edit", line.pk),
            "missing": [label(line, name) for name in services.missing_columns(line)],
            **extra,
        },
        status=status,
    )


@page("POST")
def line_act(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    """Take one step with a line."""
    line = get_object_or_404(side.model.objects.visible_to(request.user), pk=pk)
    action = action_in(request.POST.get("action", ""), LineAction)
    change = partial(
        services.change_line,
        actor=request.user,
        model=side.model,
        line_id=line.pk,
        action=action,
        reason=request.POST.get("reason", ""),
    )
    changed = attempt(
        request,
        lambda: change(valid_until=_day(request.POST.get("valid_until", ""))),
        done=_("Done: %(action)s.") % {"action": action.label},
    )
    if changed and action in OFFICE_ACTIONS and request.POST.get("queue"):
        return _next_in_queue(request, side)
    return back(request, f"{side.name}_detail", line.pk)


def _next_in_queue(request: PortalRequest, side: ListSide) -> HttpResponse:
    """The line that waits longest for the person, or the empty queue."""
    waiting: QuerySet[Any] = queries.to_verify(request.user, side.model)
    if (following := waiting.first()) is None:
        return see_other(f"{resolve_url('verification')}?side={side.name}")
    return see_other(f"{resolve_url(f'{side.name}_detail', following.pk)}?queue=1")


def _day(text: str) -> date | None:
    try:
        return forms.DateField(required=False).clean(text)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise Invalid({"valid_until": error.messages}) from error
