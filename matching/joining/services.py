"""Verbs on requests to join: hand in, confirm, verify, return, hand in again.

Every step is one transaction and leaves a ``JoinStep``; e-mails go out through the outbox.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import OrganisationKind, Role
from accounts.services import open_account, register_organisation
from matching.errors import Conflict, Invalid
from matching.joining.models import PRIVACY_NOTICE, JoinRequest, JoinStep
from matching.joining.queries import version
from matching.joining.states import JOIN, JoinAction, JoinState
from matching.notices.services import enqueue, tell

MOST_A_DAY = 3
"""Requests that one e-mail address may hand in a day; further ones are dropped without a word."""


@transaction.atomic
def hand_in(*, values: Mapping[str, Any], language: str) -> JoinRequest | None:
    """Store a visitor's request and ask the address to confirm itself.

    Whether the firm or the address is known already changes nothing that the visitor sees.
    Side effects: one row, one e-mail; None and neither where the address has had enough for a day.
    """
    since = timezone.now() - timedelta(days=1)
    if JoinRequest.objects.filter(email__iexact=values["email"], created_at__gte=since).count() >= MOST_A_DAY:
        return None
    request = JoinRequest.objects.create(**values, language=language, consented_to=PRIVACY_NOTICE)
    _mail(request)
    return request


@transaction.atomic
def confirm(*, request_id: uuid.UUID) -> JoinRequest:
    """The person who reads that mailbox stands by the request; the city is told.

    Side effects: state, one step, notices to whoever may verify. Raises ``Conflict`` when it is done already.
    """
    request = _locked(request_id)
    _step(request, JoinAction.CONFIRM)
    _tell_offices(request)
    return request


@transaction.atomic
def resubmit(*, request_id: uuid.UUID, values: Mapping[str, Any]) -> JoinRequest:
    """The firm has corrected a returned request; the address stays the one that was confirmed.

    Side effects: the row, one step, notices to whoever may verify.
    """
    request = _locked(request_id)
    for name, value in values.items():
        if name != "email":
            setattr(request, name, value)
    _step(request, JoinAction.RESUBMIT)
    _tell_offices(request)
    return request


@transaction.atomic
def verify(*, actor: User, request_id: uuid.UUID, seen: str = "") -> JoinRequest:
    """Take the firm in: organisation, account without a password, and an e-mail to choose one.

    ``seen`` is the version (``queries.version``) that the actor has checked, empty for any.
    Side effects: state, one step, organisation, membership, account with its confirmed address, one e-mail.
    Raises ``Conflict`` where the firm or the address has an account already, and where somebody else has
    decided or the firm has corrected the request since it was seen.
    """
    request = _visible(actor, request_id)
    JOIN.target(request.state, JoinAction.VERIFY)
    if seen and seen != version(request):
        told = _("The firm has corrected its request meanwhile; please check it again.")
        raise Conflict(told, code="changed_meanwhile")
    taken = Q(email__iexact=request.email) | Q(username__iexact=request.email)
    addresses = EmailAddress.objects.filter(email__iexact=request.email, verified=True)
    if User.objects.filter(taken).exists() or addresses.exists():
        raise Conflict(
            _("This e-mail address belongs to an account already. Return the request and ask for another."),
            code="address_taken",
        )
    request.organisation = _organisation(request)
    firm = Role.LEADER_FIRM if request.kind == OrganisationKind.LEADER_FIRM else Role.MEMBER_FIRM
    account = open_account(
        username=request.email.lower(),
        password=None,
        name=request.contact_name,
        organisation=request.organisation,
        role=firm,
        email=request.email,
    )
    User.objects.filter(pk=account.pk).update(phone=request.phone, language=request.language)
    EmailAddress.objects.create(user=account, email=request.email, verified=True, primary=True)
    request.account = account
    _step(request, JoinAction.VERIFY, actor=actor)
    _mail(request)
    return request


@transaction.atomic
def send_back(*, actor: User, request_id: uuid.UUID, reason: str) -> JoinRequest:
    """Return a request with what is wrong; the firm gets a link to correct it.

    Side effects: state, one step, one e-mail.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": [_("Say what the firm has to correct.")]}, code="required")
    request = _visible(actor, request_id)
    request.reason = reason[:500]
    _step(request, JoinAction.RETURN, actor=actor, reason=request.reason)
    _mail(request)
    return request


def _locked(request_id: uuid.UUID) -> JoinRequest:
    return JoinRequest.objects.select_for_update().get(pk=request_id)


def _visible(actor: User, request_id: uuid.UUID) -> JoinRequest:
    seen = JoinRequest.objects.visible_to(actor)
    return JoinRequest.objects.select_for_update().get(pk__in=seen.values("pk"), pk=request_id)


def _organisation(request: JoinRequest) -> Organisation:
    try:
        with transaction.atomic():
            # Who saw the firm's contact person before it joined stands under this id.
            return register_organisation(
                pk=request.pk,
                kind=OrganisationKind(request.kind),
                name=request.name,
                region=request.region,
                uscc=request.uscc,
            )
    except (ValidationError, IntegrityError) as error:
        raise Conflict(
            _("A firm with this credit code is registered already. Return the request with the reason."),
            code="firm_registered",
        ) from error


def _step(request: JoinRequest, action: JoinAction, *, actor: User | None = None, reason: str = "") -> None:
    before, request.state = request.state, JoinState(JOIN.target(request.state, action))
    request.save()
    JoinStep.objects.create(
        request=request, action=action, before=before, after=request.state, reason=reason, actor=actor
    )


def _mail(request: JoinRequest) -> None:
    enqueue(task="joining.mail", arguments=[request.pk, request.state])


def _tell_offices(request: JoinRequest) -> None:
    offices = User.objects.filter(
        is_active=True,
        memberships__is_active=True,
        memberships__role__in=[Role.CITY_TASK_FORCE, Role.CHAIN_OFFICE],
    ).distinct()
    may = [user for user in offices if JoinRequest.objects.visible_to(user).filter(pk=request.pk).exists()]
    tell(
        users=may,
        key=f"join-{request.pk}-{request.steps.count()}",
        zh=f"企业“{request.name}”申请入驻，请核实。",
        en=f"The firm “{request.name}” asks to join; please verify it.",
        link="/firms/requests/",
    )


def forget_unfinished(*, before: datetime) -> int:
    """Requests that nobody has moved since then and that led to no account lose name, e-mail and phone.

    Their steps stay, and name nobody. Returns how many.
    """
    left = JoinRequest.objects.filter(
        state__in=[JoinState.UNCONFIRMED, JoinState.RETURNED], updated_at__lt=before
    ).exclude(contact_name="", email="", phone="")
    return left.update(contact_name="", email="", phone="")
