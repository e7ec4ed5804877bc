"""The page of one round: who has handed in, reminders, its end."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from matching.chains.queries import region_names
from matching.lists import access, services
from matching.lists.forms import EndForm
from matching.lists.models import Round
from matching.lists.portal.sides import ids_in
from matching.lists.queries.submissions import Submission, by_city, submissions
from matching.lists.states import RoundAction, RoundState
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, show


class FirmFilter(forms.Form):
    """What the firms of a round can be narrowed by."""

    q = forms.CharField(label=_lazy("Search"), required=False, max_length=80)
    city = forms.ChoiceField(label=_lazy("city"), required=False)
    show = forms.ChoiceField(
        label=_lazy("firms"),
        required=False,
        choices=[
            ("", _lazy("All firms")),
            ("missing", _lazy("Not handed in")),
            ("handed_in", _lazy("Handed in")),
        ],
    )

    def __init__(self, data: Any, *, cities: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["city"].choices = [("", _lazy("All cities")), *cities.items()]  # type: ignore[attr-defined]

    def narrow(self, rows: list[Submission]) -> list[Submission]:
        """The firms that the filter lets through."""
        if not self.is_valid():
            return rows
        wanted = self.cleaned_data
        return [
            row
            for row in rows
            if wanted["q"].lower() in row.firm.name.lower()
            and row.firm.region.startswith(wanted["city"])
            and (not wanted["show"] or row.missing == (wanted["show"] == "missing"))
        ]


def _round(request: PortalRequest, pk: uuid.UUID) -> Round:
    visible = Round.objects.visible_to(request.user).select_related("chain")
    round_ = get_object_or_404(visible, pk=pk)
    refuse_unless(access.oversees(request.user, round_))
    return round_


@page("GET")
def round_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Submission rates by city and by firm, the dates, and who was reminded when."""
    return _detail(request, _round(request, pk))


def _detail(
    request: PortalRequest, round_: Round, form: EndForm | None = None, status: int = 200
) -> HttpResponse:
    rows = submissions(request.user, round_)
    cities = by_city(rows)
    names = region_names({rate.city for rate in cities} | {row.firm.region for row in rows})
    filters = FirmFilter(request.GET, cities={rate.city: names[rate.city] for rate in cities})
    narrowed = filters.narrow(rows)
    manages = access.can_manage_round(request.user, round_)
    extendable = manages and round_.state in (RoundState.PLANNED, RoundState.OPEN)
    return show(
        request,
        "lists/round_detail.html",
        {
            "round": round_,
            "cities": cities,
            "firms": len(rows),
            "handed_in": sum(not row.missing for row in rows),
            "missing": sum(row.missing for row in rows),
            "lines": sum(row.handed_in for row in rows),
            "names": names,
            "filters": filters,
            "hidden": len(rows) - len(narrowed),
            "page": page_of(request, narrowed, 50),
            "today": timezone.localdate(),
            "reminds": round_.state == RoundState.OPEN,
            "allowed": [RoundAction(action) for action in access.round_actions(request.user, round_)],
            "form": (form or EndForm(initial={"closes_on": timezone.localdate(round_.closes_at)}))
            if extendable
            else None,
        },
        status=status,
    )


@page("POST")
def round_remind(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Remind the ticked firms, or all that have handed in nothing."""
    round_ = _round(request, pk)
    everybody = request.POST.get("who") == "all"
    ticked = None if everybody else ids_in(request.POST.getlist("firm"))
    if ticked == []:
        messages.warning(request, _("Tick the firms first."))
        return back(request, "round_detail", round_.pk)
    told = attempt(
        request, partial(services.remind_missing, actor=request.user, round_id=round_.pk, firms=ticked)
    )
    if told:
        text = ngettext("%(count)d person was reminded.", "%(count)d people were reminded.", len(told))
        messages.success(request, text % {"count": len(told)})
    elif told is not None:
        messages.warning(request, _("Nobody was reminded: they have been today already, or have no account."))
    return back(request, "round_detail", round_.pk)


@page("POST")
def round_extend(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Move the end of a round that is not over."""
    round_ = _round(request, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _detail(request, round_, form, 422)
    attempt(
        request,
        partial(services.extend_round, actor=request.user, round_id=round_.pk, closes_at=form.closes_at()),
        done=_("The round now closes after %(day)s.") % {"day": form.cleaned_data["closes_on"]},
    )
    return back(request, "round_detail", round_.pk)
