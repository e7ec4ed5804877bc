"""A firm's page: when it can't come to meetings, who comes, and which languages they speak."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from matching.errors import Refusal
from matching.meetings import access, services
from matching.meetings.forms import AbsenceForm, PresenceForm
from matching.meetings.models import Absence, Presence
from matching.pages import (
    PortalRequest,
    attempt,
    in_words,
    page,
    refuse_unless,
    see_other,
    show,
    status_of,
)


@page("GET", "POST")
def availability(request: PortalRequest) -> HttpResponse:
    """Say when the firm can't come, and who comes; plans made from now on heed it."""
    firm = _firm(request)
    data = request.POST if request.method == "POST" else None
    about = request.POST.get("about") if data is not None else None
    absence = AbsenceForm(data if about == "absence" else None, organisation=firm)
    presence = PresenceForm(data if about == "presence" else None, instance=_presence(firm))
    status = 422 if data is not None else 200
    both: tuple[tuple[Any, Any], ...] = ((absence, _add), (presence, _save))
    for form, save in both:
        if form.is_bound and form.is_valid():
            try:
                save(request, firm, form)
            except Refusal as refusal:
                form.add_error(None, in_words(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Saved. Plans made from now on heed it."))
                return see_other(resolve_url("availability"))
    ahead = Absence.objects.visible_to(request.user).filter(
        organisation=firm, during__endswith__gt=timezone.now()
    )
    context = {
        "firm": firm,
        "absence": absence,
        "presence": presence,
        "absences": ahead.select_related("person", "meeting").order_by("during", "pk"),
    }
    return show(request, "meetings/availability.html", context, status=status)


def _firm(request: PortalRequest) -> Organisation:
    firms = request.user.firms()
    refuse_unless(bool(firms) and access.keeps_availability(request.user, firms[0].pk))
    return firms[0]


def _presence(firm: Organisation) -> Presence:
    return Presence.objects.filter(organisation=firm).first() or Presence(organisation=firm)


def _add(request: PortalRequest, firm: Organisation, form: Any) -> None:
    values = form.cleaned_data
    services.add_absence(
        actor=request.user,
        organisation=firm,
        during=DateTimeTZRange(values["begins"], values["ends"]),
        person=values["person"],
    )


def _save(request: PortalRequest, firm: Organisation, form: Any) -> None:
    services.save_presence(actor=request.user, presence=form.instance)


@page("POST")
def absence_delete(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The firm can come after all."""
    absence = get_object_or_404(Absence.objects.visible_to(request.user), pk=pk)
    attempt(request, partial(services.remove_absence, actor=request.user, absence_id=absence.pk))
    return see_other(resolve_url("availability"))
