"""Roles that were asked for: asking, approving, refusing, withdrawing, sending the invitation again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.security.renewal import ask_again
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show
from matching.people import access, queries, services
from matching.people.forms import RoleForm
from matching.people.models import RoleRequest
from matching.people.portal.shared import tried
from matching.people.states import ROLE, RoleAction, RoleState

ASKED_AGAIN = frozenset({RoleAction.APPROVE})


@page("GET")
def role_request_list(request: PortalRequest) -> HttpResponse:
    """Roles that were asked for, those that wait for a decision first."""
    refuse_unless(access.sees_people(request.user))
    state = request.GET.get("state", "")
    found = page_of(request, queries.requests(request.user, state=state))
    waiting = list(queries.waiting(request.user)) if not state and found.number == 1 else []
    shown = [*waiting, *found]
    context = {
        "page": found,
        "waiting": [(one, _actions(request, one)) for one in waiting],
        "rows": [(one, _actions(request, one)) for one in found if one not in waiting],
        "reach": queries.reach(shown),
        "state": state if state in RoleState.values else "",
        "states": RoleState.choices,
        "opens": access.opens_accounts(request.user),
    }
    return show(request, "people/request_list.html", context)


@page("GET", "POST")
def role_request_create(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for a role in an organisation; for who has no account this opens one."""
    refuse_unless(access.opens_accounts(request.user))
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = RoleForm(sent, organisation=organisation, initial=_known(request))
    if form.is_bound and form.is_valid():
        verb = partial(
            services.ask, actor=request.user, organisation_id=organisation.pk, wanted=form.wanted()
        )
        if tried(form, verb) is not None:
            messages.success(request, _("Asked for; the security administrator approves it."))
            return see_other(resolve_url("role_request_list"))
    context = {"form": form, "organisation": organisation}
    return show(request, "people/request_form.html", context, status=422 if form.is_bound else 200)


def _known(request: PortalRequest) -> dict[str, str]:
    """Name and address of somebody who has an account already."""
    try:
        asked_for = uuid.UUID(request.GET.get("person", ""))
    except ValueError:
        return {}
    known = queries.people(request.user).filter(public_id=asked_for).first()
    return {} if known is None else {"name": known.name, "email": known.email or known.username}


@page("POST")
def role_request_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One step with a request; before a role is granted one's own password is asked for again."""
    asked = get_object_or_404(RoleRequest.objects.visible_to(request.user), pk=pk)
    action = request.POST.get("action", "")
    verbs: dict[str, tuple[Callable[..., object], str]] = {
        RoleAction.APPROVE: (services.approve, _("Approved.")),
        RoleAction.REFUSE: (
            partial(services.refuse, reason=request.POST.get("reason", "").replace("\0", "")),
            _("Refused; who asked for it is told."),
        ),
        RoleAction.WITHDRAW: (services.withdraw, _("Withdrawn.")),
        RoleAction.RESEND: (services.resend, _("A new link is on its way; the one before has ended.")),
    }
    if action not in verbs:
        return HttpResponseBadRequest(_("There is no such action."))
    refuse_unless(access.may_take(request.user, RoleAction(action), asked.organisation_id))
    if action in ASKED_AGAIN:
        ask_again(request)
    verb, done = verbs[action]
    attempt(request, partial(verb, actor=request.user, request_id=pk), done=done)
    return back(request, "role_request_list" if access.sees_people(request.user) else "colleague_list")


def _actions(request: PortalRequest, asked: RoleRequest) -> list[str]:
    person: User = request.user
    return [
        action
        for action in ROLE.actions(asked.state)
        if action != RoleAction.ACCEPT and access.may_take(person, RoleAction(action), asked.organisation_id)
    ]


urlpatterns = [
    path("people/requests/", role_request_list, name="role_request_list"),
    path("people/requests/<uuid:pk>/", role_request_act, name="role_request_act"),
    path("people/organisations/<uuid:pk>/new/", role_request_create, name="role_request_create"),
]
