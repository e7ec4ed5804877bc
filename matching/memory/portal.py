"""Pages of the memory of confirmed matches; for offices alone."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from matching.disclosure.services import saw
from matching.lists.models import SupplyLine
from matching.memory import access, queries, services
from matching.memory.forms import ImportForm, MemoryFilter, RememberForm
from matching.memory.models import Confirmation
from matching.memory.reading import COLUMNS
from matching.memory.services import Outcome
from matching.memory.states import ConfirmationState
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show


@page("GET")
def memory_list(request: PortalRequest) -> HttpResponse:
    """What is remembered, by whom it was confirmed, and what became of it."""
    refuse_unless(access.reads_memory(request.user))
    filters = MemoryFilter(request.GET)
    line = _line(request)
    found = page_of(request, _wanted(request, filters, line))
    for confirmation in found:
        _add_to(request, confirmation)
    saw(confirmation.supply for confirmation in found)
    context = {
        "page": found,
        "filters": filters,
        "line": line,
        "keeps": access.keeps_some_memory(request.user),
    }
    return show(request, "memory/memory_list.html", context)


def _line(request: PortalRequest) -> SupplyLine | None:
    try:
        wanted = uuid.UUID(request.GET.get("line", ""))
    except ValueError:
        return None
    lines = SupplyLine.objects.visible_to(request.user).select_related("organisation")
    return lines.filter(pk=wanted).first()


def _wanted(request: PortalRequest, filters: MemoryFilter, line: SupplyLine | None) -> QuerySet[Confirmation]:
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = queries.confirmations(request.user, text=wanted.get("q", ""))
    for name in ("chain", "source", "state"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    return found.filter(supply=line) if line else found


def _add_to(request: PortalRequest, confirmation: Any) -> None:
    standing = confirmation.state == ConfirmationState.STANDING
    confirmation.asleep = queries.asleep(confirmation) if standing else None
    confirmation.revocable = standing and access.keeps_memory(request.user, confirmation.chain_id)


@page("POST")
def memory_revoke(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """These words do not mean this offer."""
    confirmation = get_object_or_404(Confirmation.objects.visible_to(request.user), pk=pk)
    attempt(
        request,
        partial(
            services.revoke,
            actor=request.user,
            confirmation_id=confirmation.pk,
            reason=request.POST.get("reason", ""),
        ),
        done=_("Revoked; it counts from the next run on."),
    )
    return back(request, "memory_list")


@page("GET", "POST")
def memory_add(request: PortalRequest) -> HttpResponse:
    """Remember one pair on the office's word."""
    refuse_unless(access.keeps_some_memory(request.user))
    form = RememberForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        told = attempt(
            request, partial(services.remember, actor=request.user, pair=form.pair, kind=form.chosen_kind)
        )
        if told is not None:
            _say_remembered(request, told)
            return see_other(resolve_url("memory_list"))
    return show(request, "memory/memory_add.html", {"form": form}, status=422 if form.is_bound else 200)


def _say_remembered(request: PortalRequest, told: Confirmation) -> None:
    reason = queries.asleep(told)
    if reason is None:
        messages.success(request, _("Remembered; it counts from the next run on."))
    else:
        messages.warning(
            request, _("Remembered, but not used for now: %(reason)s.") % {"reason": reason.label}
        )


@page("GET", "POST")
def memory_import(request: PortalRequest) -> HttpResponse:
    """Many pairs of the years before: what would become of each row first, then the button that does it."""
    refuse_unless(access.keeps_some_memory(request.user))
    if request.method != "POST":
        return _import_page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, form, status=422)
    certain = "certain" in request.POST
    rows = form.cleaned_data["read"]
    told = services.remember_history(
        actor=request.user,
        pairs=[row.pair for row in rows],
        kind=form.chosen_kind,
        dry_run=not certain,
    )
    results = [
        (row, one, one.confirmation and queries.asleep(one.confirmation))
        for row, one in zip(rows, told, strict=True)
    ]
    # What somebody has to mend comes first, then what would lie idle.
    results.sort(key=lambda row: (row[1].outcome != Outcome.REFUSED, row[2] is None))
    counts = [(outcome, sum(one.outcome == outcome for one in told)) for outcome in Outcome]
    context = {"results": results, "counts": counts, "certain": certain, "typed": form.cleaned_data["typed"]}
    return _import_page(request, ImportForm(), **context, kind=form.chosen_kind)


def _import_page(
    request: PortalRequest, form: ImportForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    headings = [names[0] for names in COLUMNS.values()]
    return show(
        request, "memory/memory_import.html", {"form": form, "headings": headings, **context}, status=status
    )


urlpatterns = [
    path("memory/", memory_list, name="memory_list"),
    path("memory/new/", memory_add, name="memory_add"),
    path("memory/import/", memory_import, name="memory_import"),
    path("memory/<uuid:pk>/revoke/", memory_revoke, name="memory_revoke"),
]
