"""Accounts, for the administrators who look after them: the list, one account, what is done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.security import attempts
from accounts.security.duties import has_second_factor
from accounts.security.queries import open_sessions
from accounts.security.renewal import ask_again
from accounts.security.services import end_session, end_sessions, reset_second_factor, switch_account
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show
from matching.people import access, queries, services
from matching.people.forms import PeopleFilter

Deed = Callable[[PortalRequest, User], object]


@page("GET")
def person_list(request: PortalRequest) -> HttpResponse:
    """Accounts by name, narrowed by words and by what is the matter with them."""
    refuse_unless(access.sees_people(request.user))
    filters = PeopleFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {"q": "", "which": ""}
    found = page_of(request, queries.people(request.user, q=asked["q"], which=asked["which"]))
    queries.note_contacts(held for person in found for held in person.memberships.all())
    context = {
        "page": found,
        "q": asked["q"],
        "which": asked["which"],
        "choices": filters.fields["which"].choices,  # type: ignore[attr-defined]
        "opens": access.opens_accounts(request.user),
        "waiting": queries.waiting(request.user).count(),
    }
    return show(request, "people/person_list.html", context)


@page("GET")
def person_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One account: who, roles, what was asked for, sign-ins."""
    refuse_unless(access.sees_people(request.user))
    person = _person(request, pk)
    held = list(person.memberships.select_related("organisation").order_by("-is_active", "pk"))
    queries.note_contacts(held)
    asked = list(queries.requests(request.user).filter(account=person))
    looks_after = access.looks_after_sign_in(request.user)
    context = {
        "person": person,
        "held": held,
        "asked": asked,
        "reach": queries.reach([*held, *asked]),
        "opens": access.opens_accounts(request.user),
        "looks_after": looks_after,
        "is_oneself": person.pk == request.user.pk,
        "locked_until": attempts.locked_until(person),
        "factors": has_second_factor(person),
        "sessions": open_sessions(person) if looks_after else (),
        "subject": queries.subject_of(person),
    }
    return show(request, "people/person_detail.html", context)


def _named(request: PortalRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")


SIGN_IN_DEEDS: dict[str, Deed] = {
    "unlock": lambda _request, person: attempts.unlock(person),
    "end_sessions": lambda _request, person: end_sessions(user=person),
    "end_session": lambda request, person: end_session(user=person, digest=_named(request, "session")),
    "reset_factor": lambda _request, person: reset_second_factor(user=person),
    "switch_off": lambda request, person: services.switch_off(actor=request.user, person_id=person.pk),
    "switch_on": lambda _request, person: switch_account(user=person, active=True),
}
"""The security administrator's."""
ACCOUNT_DEEDS: dict[str, Deed] = {
    "end": lambda request, person: services.end_account(actor=request.user, person_id=person.pk),
    "bind": lambda request, person: services.bind_subject(
        actor=request.user, person_id=person.pk, subject=_named(request, "subject")
    ),
    "unbind": lambda request, person: services.unbind_subject(actor=request.user, person_id=person.pk),
}
"""The system administrator's."""


@page("POST")
def person_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One action on an account; the administrator's own password is asked for first."""
    refuse_unless(access.sees_people(request.user))
    action = request.POST.get("action", "")
    deed = SIGN_IN_DEEDS.get(action) or ACCOUNT_DEEDS.get(action)
    if deed is None:
        return HttpResponseBadRequest(_("There is no such action."))
    of_sign_in = action in SIGN_IN_DEEDS
    refuse_unless((access.looks_after_sign_in if of_sign_in else access.opens_accounts)(request.user))
    person = _person(request, pk)
    ask_again(request)
    done: Any = attempt(request, lambda: (deed(request, person),))
    if done is not None:
        messages.success(request, _("Done for %(name)s.") % {"name": person})
    return back(request, "person_detail", pk)


@page("POST")
def role_end(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """End a person's role; the administrator's own password is asked for first."""
    refuse_unless(access.sees_people(request.user))
    held = get_object_or_404(Membership.objects.visible_to(request.user).filter(is_active=True), public_id=pk)
    ask_again(request)
    verb = partial(services.end_role, actor=request.user, membership_id=held.pk)
    attempt(request, verb, done=_("The role has ended; nobody acts by it any more."))
    return see_other(resolve_url("person_detail", held.user.public_id))


def _person(request: PortalRequest, pk: uuid.UUID) -> User:
    found = queries.people(request.user).filter(public_id=pk).first()
    if found is None:
        raise Http404
    return found


urlpatterns = [
    path("people/", person_list, name="person_list"),
    path("people/<uuid:pk>/", person_detail, name="person_detail"),
    path("people/<uuid:pk>/act/", person_act, name="person_act"),
    path("people/roles/<uuid:pk>/end/", role_end, name="role_end"),
]
