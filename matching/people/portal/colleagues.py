"""A firm's own people: who acts for it, who is invited; inviting and ending is its daily business."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from matching.pages import PortalRequest, attempt, page, refuse_unless, see_other, show
from matching.people import access, queries, services
from matching.people.forms import ColleagueForm
from matching.people.portal.shared import tried


@page("GET")
def colleague_list(request: PortalRequest) -> HttpResponse:
    """People of one's firms, and invitations that wait."""
    return _list(request)


@page("POST")
def colleague_invite(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Invite a colleague; an e-mail with a link goes out."""
    firm = _own(request, pk)
    form = ColleagueForm(request.POST, firm=firm)
    if form.is_valid():
        verb = partial(services.ask, actor=request.user, organisation_id=firm.pk, wanted=form.wanted())
        if tried(form, verb) is not None:
            messages.success(request, _("The invitation is on its way."))
            return see_other(resolve_url("colleague_list"))
    return _list(request, form=form)


@page("POST")
def colleague_end(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """End a colleague's role in one's firm."""
    refuse_unless(bool(access.own_firms(request.user)))
    held = get_object_or_404(Membership.objects.visible_to(request.user).filter(is_active=True), public_id=pk)
    verb = partial(services.end_role, actor=request.user, membership_id=held.pk)
    attempt(request, verb, done=_("The role has ended; nobody acts by it any more."))
    return see_other(resolve_url("colleague_list"))


def _own(request: PortalRequest, pk: uuid.UUID) -> Organisation:
    refuse_unless(bool(access.own_firms(request.user)))
    found = next((firm for firm in access.own_firms(request.user) if firm.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _list(request: PortalRequest, form: ColleagueForm | None = None) -> HttpResponse:
    firms = access.own_firms(request.user)
    refuse_unless(bool(firms))
    rows = [
        {
            "firm": firm,
            "people": queries.colleagues(firm),
            "invited": queries.open_invitations(firm),
            "form": form if form is not None and form.firm.pk == firm.pk else ColleagueForm(firm=firm),
        }
        for firm in firms
    ]
    context = {"rows": rows, "days": queries.LINK_DAYS}
    return show(request, "people/colleague_list.html", context, status=200 if form is None else 422)


urlpatterns = [
    path("firms/people/", colleague_list, name="colleague_list"),
    path("firms/people/<uuid:pk>/invite/", colleague_invite, name="colleague_invite"),
    path("firms/people/<uuid:pk>/end/", colleague_end, name="colleague_end"),
]
