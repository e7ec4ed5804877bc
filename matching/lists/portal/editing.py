"""The form of a line and its pieces."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import EVERYWHERE, FIRMS
from matching.chains.models import Chain
from matching.chains.queries import usual_units
from matching.errors import Conflict, Invalid
from matching.lists import access, queries, services
from matching.lists.forms import ROWS, node_groups, understood_property, understood_requirement, written
from matching.lists.portal.sides import ListSide, posted
from matching.lists.states import LineAction
from matching.pages import PortalRequest, attempt, page, refuse_unless, see_other, show


@page("GET", "POST")
def line_create(request: PortalRequest, side: ListSide) -> HttpResponse:
    """A new line of one's own list."""
    firms = request.user.firms(side.owner)
    refuse_unless(bool(firms))
    chain = request.GET.get("chain", "") or _only_chain(request.user)
    return _form(request, side, side.form(posted(request), firms=firms, chain=chain))


def _only_chain(user: User) -> str:
    """The chain that all of a person's roles for firms are about, where there is just one."""
    chains = {code for held in user.holding(*FIRMS) for code in held.chains}
    return chains.pop() if len(chains) == 1 and EVERYWHERE not in chains else ""


@page("GET", "POST")
def line_edit(request: PortalRequest, side: ListSide, pk: uuid.UUID) -> HttpResponse:
    """Change a line; a changed line becomes a draft again."""
    line = get_object_or_404(queries.with_rows(side.model.objects.visible_to(request.user)), pk=pk)
    refuse_unless(access.can_edit(request.user, line))
    firms = request.user.firms(side.owner)
    begun = {
        "properties": request.GET.get("parameter", "")[:80],
        "certificates": request.GET.get("certificate", "")[:80],
    }
    return _form(request, side, side.form(posted(request), firms=firms, line=line, begun=begun), line)


def _form(request: PortalRequest, side: ListSide, form: Any, line: Any = None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        saved = _save(request, side, form, line)
        if saved is not None:
            return see_other(side.url("detail", saved.pk))
    units = sorted({*usual_units(), *(hint.unit for hint in form.kind.parameters if hint.unit)})
    return show(
        request,
        "lists/line_form.html",
        {
            "side": side,
            "form": form,
            "line": line,
            "units": units,
            "parameters": [hint.name for hint in form.kind.parameters],
            "chains": Chain.objects.all() if line is None else [],
        },
        status=422 if form.is_bound else 200,
    )


def _save(request: PortalRequest, side: ListSide, form: Any, line: Any) -> Any:
    firm: Organisation = form.chosen_firm()
    try:
        saved = services.save_line(
            actor=request.user,
            model=side.model,
            organisation=firm,
            key=line.key if line else form.cleaned_data["key"],
            values=form.values(),
            rows=form.rows(),
            partial=True,
            create=line is None,
            seen=_seen(request.POST.get("seen", "")),
        )
    except Invalid as invalid:
        form.show_problems(invalid.fields)
        return None
    except Conflict as conflict:
        form.add_error("key" if conflict.code == "key_taken" else None, conflict.message)
        return None
    if request.POST.get("then") != "submit":
        messages.success(request, _("Saved."))
        return saved
    submit = partial(
        services.change_line,
        actor=request.user,
        model=side.model,
        line_id=saved.pk,
        action=LineAction.SUBMIT,
    )
    attempt(request, submit, done=_("Saved and submitted."))
    return saved


def _seen(text: str) -> datetime | None:
    """When the writer opened the line; None where the form does not say it."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


@page("GET", beside=True)
def node_options(request: PortalRequest) -> HttpResponse:
    """Options of the node chooser for a chain."""
    return show(request, "lists/_node_options.html", {"groups": node_groups(request.GET.get("chain", ""))})


@page("GET", beside=True)
def row_blank(request: PortalRequest, name: str) -> HttpResponse:
    """One more blank row, and the new number of rows."""
    spec = ROWS.get(name)
    if spec is None:
        raise Http404
    counted = request.GET.get(f"{name}-TOTAL_FORMS", "")
    number = min(int(counted), 1000) if counted.isascii() and counted.isdigit() else 0
    return show(
        request, "lists/_row_added.html", {"form": spec.blank(number), "spec": spec, "total": number + 1}
    )


@page("GET", beside=True)
def understood(request: PortalRequest, name: str) -> HttpResponse:
    """What the engine understands of a typed value."""
    prefix = next((key.rpartition("-")[0] for key in request.GET if key.endswith("-value")), "")
    parameter = request.GET.get(f"{prefix}-parameter", "")[:80]
    value = request.GET.get(f"{prefix}-value", "")[:200]
    chain = request.GET.get("chain", "")
    read: Any = None
    if value:
        reader = understood_requirement if name == "requirements" else understood_property
        read = reader(parameter, value, chain)
    return show(request, "lists/_understood.html", {"row": read, "text": written(read) if read else ""})
