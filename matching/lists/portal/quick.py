"""A line changed, or written a second time, from its row of the list."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.chains.queries import usual_units
from matching.errors import Conflict, Invalid
from matching.lists import access, services
from matching.lists.forms import QuickForm
from matching.lists.portal.own import own_rows
from matching.lists.portal.sides import ListSide, posted
from matching.lists.states import LineAction
from matching.pages import PortalRequest, attempt, back, page, refuse_unless, see_other, show


@page("GET", "POST")
def line_quick(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    """The columns that change often: in the row itself with htmx, on a page of its own without."""
    line = _own(request, side, pk)
    form = QuickForm(posted(request), line=line)
    status = 200
    if form.is_bound:
        status = _save(request, side, form) if form.is_valid() else 422
        if status == 200:
            return _row(request, side, pk) if request.htmx else back(request, f"{side.name}_list")
    context = {
        "side": side,
        "line": form.line,
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", side.list_url),
        "units": usual_units(),
        "becomes_draft": line.state not in ("draft", "returned"),
    }
    template = "lists/_quick_row.html" if request.htmx else "lists/line_quick.html"
    return show(request, template, context, status=status)


def _own(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> Any:
    line = get_object_or_404(
        side.model.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    refuse_unless(access.can_edit(request.user, line))
    return line


def _save(request: PortalRequest, side: ListSide, form: QuickForm) -> int:
    """Store what was typed; the status of the answer."""
    line = form.line
    try:
        saved: Any = services.save_line(
            actor=request.user,
            model=side.model,
            organisation=line.organisation,
            key=line.key,
            values=form.values(),
            rows={},
            partial=True,
            seen=form.cleaned_data["seen"],
        )
    except Invalid as invalid:
        form.show_problems(invalid.fields)
        return 422
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        if conflict.code == "changed_meanwhile":
            form.show_newer(side.model.objects.get(pk=line.pk))
        return 409
    _tell(request, side, saved)
    return 200


def _tell(request: PortalRequest, side: ListSide, saved: Any) -> None:
    if request.POST.get("then") != "submit":
        messages.success(request, _("%(key)s is saved.") % {"key": saved.key})
        return
    submit = partial(
        services.change_line,
        actor=request.user,
        model=side.model,
        line_id=saved.pk,
        action=LineAction.SUBMIT,
    )
    attempt(request, submit, done=_("%(key)s is saved and submitted.") % {"key": saved.key})


@page("GET")
def line_row(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    """The row of a line as it is, for who leaves it unchanged."""
    _own(request, side, pk)
    return _row(request, side, pk)


def _row(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    row = own_rows(request.user, side, side.model.objects.filter(pk=pk))[0]
    context = {"side": side, "row": row, "next": request.POST.get("next", ""), "fresh": True}
    return show(request, "lists/_own_row_fresh.html", context)


@page("POST")
def line_copy(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    """Begin a new line with the content of another; its form opens."""
    line = _own(request, side, pk)
    copy = partial(services.copy_line, actor=request.user, model=side.model, line_id=line.pk)
    made = attempt(request, copy)
    if made is None:
        return back(request, f"{side.name}_list")
    told = _("This is %(new)s, a draft copied from %(old)s. Change what differs; files were not copied.")
    messages.success(request, told % {"new": made.key, "old": line.key})
    return see_other(resolve_url(f"{side.name}_edit", made.pk))
