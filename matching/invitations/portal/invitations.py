"""Pages of the invited: their invitations, the answer with and without an account, their day."""

from __future__ import annotations

import uuid
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from limits import parse

from accounts.audit.context import acting
from accounts.models import User
from accounts.security.attempts import client_address
from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.errors import Refusal
from matching.http.limits import counter_at
from matching.invitations import access, queries, services
from matching.invitations.forms import AnswerForm
from matching.invitations.models import Invitation
from matching.invitations.states import ANSWERS, INVITATION, AnswerVia, InvitationAction, InvitationState
from matching.pages import PortalRequest, in_words, page, page_of, refuse_unless, see_other, show

LINKS = parse("60/hour")
"""How often links are opened and answered from one address."""
LINK_IS_OVER = 404
TOO_MANY = 429


@page("GET")
def invitation_list(request: PortalRequest) -> HttpResponse:
    """Invitations of one's own organisation."""
    found = page_of(request, queries.own_invitations(request.user))
    return show(request, "invitations/invitation_list.html", {"page": found})


@page("GET", "POST")
def invitation_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """An invitation and the form of its answer; an office answers for who has called."""
    invitation = get_object_or_404(queries.invitations(request.user), pk=pk)
    form = AnswerForm(_data(request), invitation=invitation)
    status = 200
    if request.method == "POST":
        refuse_unless(access.answers(request.user, invitation))
        via = AnswerVia.PORTAL if access.belongs_to(request.user, invitation) else AnswerVia.OFFICE
        if form.is_valid() and _answered(request, form, invitation, request.user, via):
            return see_other(resolve_url("invitation_detail", pk))
        status = 422
        invitation = get_object_or_404(queries.invitations(request.user), pk=pk)
    context = {
        "invitation": invitation,
        "form": form,
        "actions": access.actions(request.user, invitation),
        "is_own": access.belongs_to(request.user, invitation),
        "is_guest": queries.is_guest(invitation),
        "has_place": invitation.has_place,
    }
    return show(request, "invitations/invitation_detail.html", context, status=status)


def _data(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _answered(
    request: HttpRequest,
    form: AnswerForm,
    invitation: Invitation,
    person: User,
    via: AnswerVia,
    version: int | None = None,
) -> bool:
    """Store the answer that was clicked; False with a message or a form error where it is refused."""
    wanted = request.POST.get("action", "")
    if wanted not in ANSWERS:
        form.add_error(None, _("Please choose whether you come."))
        return False
    verb = partial(
        services.answer,
        actor=person,
        invitation_id=invitation.pk,
        action=InvitationAction(wanted),
        via=via,
        reason=form.cleaned_data["reason"],
        people=form.named(),
        version=version,
    )
    try:
        verb()
    except Refusal as refusal:
        form.add_error(None, in_words(refusal))
        return False
    messages.success(request, _("Thank you, the answer is noted."))
    return True


@require_http_methods(["GET", "POST"])
def invitation_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a letter leads: it shows the invitation, a button answers, without signing in.

    Mail programs open links by themselves, so opening answers nothing. Whatever is wrong with a link looks
    the same.
    """
    passes, _left = counter_at(settings.CELERY_BROKER_URL).hit(LINKS, "links", client_address(request))
    if not passes:
        return show(request, "invitations/too_many.html", status=TOO_MANY)
    link = queries.by_token(token)
    if link is None:
        return show(request, "invitations/over.html", status=LINK_IS_OVER)
    form = AnswerForm(_data(request), invitation=link.invitation)
    if request.method == "POST" and form.is_valid():
        with acting(actor_id=link.person.pk):
            done = _answered(request, form, link.invitation, link.person, AnswerVia.LINK, link.version)
        if done:
            return see_other(resolve_url("invitation_answered"))
    context = {
        "invitation": link.invitation,
        "form": form,
        "actions": [one for one in INVITATION.actions(link.invitation.state) if one in ANSWERS],
        "is_waiting": link.invitation.state == InvitationState.WAITING,
    }
    answer = show(request, "invitations/answer.html", context, status=422 if form.is_bound else 200)
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def invitation_answered(request: HttpRequest) -> HttpResponse:
    """The answer is noted."""
    return show(request, "invitations/answered.html")


@page("GET")
def invitation_agenda(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The day of one party, to be printed: when, at which table, with whom, about what."""
    invitation = get_object_or_404(queries.invitations(request.user), pk=pk)
    items = queries.agenda_of(invitation.meeting, invitation.organisation_id)
    for item in items:
        saw([item.other], *([Part.CONTACTS] if item.contact else []))
        saw([item.own])
    context = {"invitation": invitation, "items": items}
    return show(request, "invitations/agenda.html", context)
