"""Pages of a list and of one line."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.chains.queries import region_names, usual_units
from matching.disclosure.services import saw
from matching.lists import access, queries, services
from matching.lists.forms import LineFilter, LineOrder, OwnLineFilter
from matching.lists.models import Round
from matching.lists.portal.own import own_rows
from matching.lists.portal.shown import label, shown_fields
from matching.lists.portal.sides import ListSide, action_in, day_in
from matching.lists.queries.seen import saw_whole
from matching.lists.states import OFFICE_ACTIONS, LineAction, LineState, RoundState
from matching.pages import (
    LongPaginator,
    PortalRequest,
    attempt,
    back,
    page,
    page_of,
    refuse_unless,
    see_other,
    show,
)


@page("GET")
def line_list(request: PortalRequest, side: ListSide) -> HttpResponse:
    """A firm's own list; offices see the submitted lines of their chains and cities.

    Who is both sees the own list, and the other one where ``?of=office`` asks for it.
    """
    firms = request.user.firms(side.owner)
    refuse_unless(access.sees_list(request.user, side.model))
    if firms and not (request.user.is_office and request.GET.get("of") == "office"):
        own = side.model.objects.filter(organisation__in=firms)
        return _own_list(request, side, own)
    return _office_list(request, side)


def _own_list(request: PortalRequest, side: ListSide, lines: QuerySet[Any]) -> HttpResponse:
    filters, order = OwnLineFilter(request.GET), LineOrder(request.GET)
    found = page_of(request, order.sorted(filters.narrow(lines)))
    rows = own_rows(request.user, side, lines.filter(pk__in=[line.pk for line in found]))
    by_line = {row.line.pk: row for row in rows}
    context = {
        **_counted(lines),
        "rows": [by_line[line.pk] for line in found if line.pk in by_line],
        "order": order,
        "own": True,
        "open_rounds": _open_rounds(lines),
        "next": request.get_full_path(),
        "narrowed": filters.changed_data,
        "filter": request.GET.urlencode(),
        "units": usual_units(),
    }
    return _listed(request, side, "lists/own_list.html", filters, found, context)


def _office_list(request: PortalRequest, side: ListSide) -> HttpResponse:
    lines = side.model.objects.visible_to(request.user)
    filters = LineFilter(request.GET)
    narrowed = filters.narrow(lines).select_related("organisation", "chain", "node", "round")
    found = page_of(request, narrowed.order_by("-updated_at", "pk"))
    saw(found)
    regions = region_names({line.organisation.region[:4] for line in found})
    context = {**_counted(lines), "regions": regions, "own": False}
    if request.user.firms(side.owner):
        context |= {"keep": "of", "keep_value": "office"}
    return _listed(request, side, "lists/line_list.html", filters, found, context)


def _counted(lines: QuerySet[Any]) -> dict[str, Any]:
    counts = dict(lines.order_by().values_list("state").annotate(counted=Count("*")))
    states = [(state, label, counts[state]) for state, label in LineState.choices if state in counts]
    return {"states": states, "total": sum(counts.values())}


def _listed(
    request: PortalRequest,
    side: ListSide,
    template: str,
    filters: LineFilter,
    found: Page[Any],
    context: dict[str, Any],
) -> HttpResponse:
    # Of a very long list nobody counts how many there are.
    cut = isinstance(found.paginator, LongPaginator) and found.paginator.is_cut
    hidden = 0 if cut else context["total"] - found.paginator.count
    context |= {"side": side, "page": found, "filters": filters, "hidden": hidden}
    return show(request, template, context)


def _open_rounds(lines: Any) -> QuerySet[Round]:
    open_ones = Round.objects.filter(state=RoundState.OPEN, chain__in=lines.order_by().values("chain"))
    return open_ones.select_related("chain").order_by("closes_at")


@page("GET")
def line_detail(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    """A line with its rows, attachments, history and what may be done with it now."""
    return detail(request, side, pk)


def detail(
    request: PortalRequest, side: ListSide, pk: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    line = get_object_or_404(queries.with_rows(side.model.objects.visible_to(request.user)), pk=pk)
    saw_whole(request.user, line)
    actions = access.actions(request.user, line)
    own = None
    if access.can_edit(request.user, line):
        own = own_rows(request.user, side, side.model.objects.filter(pk=pk))[0]
    return show(
        request,
        "lists/line_detail.html",
        {
            "side": side,
            "here": side.url("detail", line.pk),
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
            "own": own,
            "copy_url": side.url("copy", line.pk),
            "can_compare": access.compares(request.user, line),
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
        lambda: change(valid_until=day_in(request.POST.get("valid_until", ""))),
        done=_("Done: %(action)s.") % {"action": action.label},
    )
    if changed is None:
        return detail(request, side, pk, status=422, typed_reason=request.POST.get("reason", ""))
    if action in OFFICE_ACTIONS and request.POST.get("queue"):
        return _next_in_queue(request, side)
    return back(request, f"{side.name}_detail", line.pk)


def _next_in_queue(request: PortalRequest, side: ListSide) -> HttpResponse:
    """The line that waits longest for the person, or the empty queue."""
    waiting: QuerySet[Any] = queries.to_verify(request.user, side.model)
    if (following := waiting.first()) is None:
        return see_other(f"{resolve_url('verification')}?side={side.name}")
    return see_other(f"{resolve_url(f'{side.name}_detail', following.pk)}?queue=1")
