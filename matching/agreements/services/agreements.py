"""Verbs on agreements: state, confirm, dispute, correct, withdraw, annul."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.agreements import access
from matching.agreements.amounts import Kind
from matching.agreements.models import TERMS, Agreement, AgreementEvent, AgreementVersion, Outcome, Side
from matching.agreements.services.capacity import give_back_for, take_for
from matching.agreements.services.checking import (
    check_reason,
    check_terms,
    lock_pair,
    refuse_twice,
    refuse_unless_accepted,
)
from matching.agreements.services.milestones import settle
from matching.agreements.services.telling import tell_step
from matching.agreements.states import AGREEMENT, IN_FORCE, AgreementAction, AgreementState
from matching.errors import Conflict, Forbidden
from matching.meetings.models import Appointment

STATE = "state"


@transaction.atomic
def state_agreement(
    *,
    actor: User,
    review_id: uuid.UUID,
    kind: Kind,
    terms: Mapping[str, Any],
    appointment: Appointment | None = None,
) -> Agreement:
    """State what the two firms of an accepted pair agreed on.

    Side effects: one agreement with its first version and event. A firm's statement waits for the other
    firm, which is told; what the office records with both at the table is in force at once, and both are
    told. What is in force moves the pair's milestones. Raises ``Forbidden``, ``Invalid`` by field, and
    ``Conflict`` where the pair is not accepted or the same was stated already.
    """
    review = lock_pair(review_id)
    side = next(iter(access.sides(actor, review)), None)
    if side is None:
        raise Forbidden(_("You do not act for one of the two firms."), code="not_your_review")
    refuse_unless_accepted(review)
    agreement = Agreement(
        review=review,
        appointment=appointment,
        kind=kind,
        stated_as=side,
        state=AgreementState.STATED,
        **check_terms(kind, terms),
    )
    refuse_twice(agreement)
    agreement.save()
    version = _version(agreement, check_terms(kind, terms), actor, side)
    _note(agreement, STATE, actor, side)
    if side == Side.OFFICE:
        _put_in_force(agreement, version, actor)
        tell_step(agreement, "record", side)
    else:
        tell_step(agreement, "state", side)
    return agreement


@transaction.atomic
def act(
    *, actor: User, agreement_id: uuid.UUID, action: AgreementAction, reason: str = "", seen: str = ""
) -> Agreement:
    """Confirm, dispute, withdraw or annul; ``seen`` is the state that the person decided on, empty for any.

    Side effects: one event; the other side is told; milestones follow. Confirming a correction puts its
    terms in force, disputing or withdrawing it leaves those before. Concurrent calls: one wins, the other
    gets ``Conflict``. Raises ``Forbidden``, ``Invalid`` for a missing reason.
    """
    agreement = _locked(agreement_id)
    if not access.may(actor, agreement, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_agreement")
    if seen and seen != agreement.state:
        told = _("Somebody decided meanwhile: now “%(state)s”. Nothing was overwritten.")
        label = agreement.get_state_display()
        raise Conflict(told % {"state": label}, code="decided_meanwhile")
    before, target = agreement.state, AGREEMENT.target(agreement.state, action)
    check_reason(action, reason)
    side = access.acts_as(actor, agreement, action)
    if action == AgreementAction.CONFIRM:
        refuse_unless_accepted(agreement.review)
        _put_in_force(agreement, _newest(agreement), actor)
    else:
        agreement.state = target
        agreement.save(update_fields=["state", "updated_at"])
        if before in IN_FORCE and target not in IN_FORCE:
            give_back_for(agreement)
            settle(agreement.review, actor=actor)
    _note(agreement, action, actor, side, reason)
    tell_step(agreement, action, side)
    return agreement


@transaction.atomic
def correct(*, actor: User, agreement_id: uuid.UUID, terms: Mapping[str, Any], reason: str = "") -> Agreement:
    """State other terms in place of those before; terms that are not named stay.

    Side effects: one version and one event; the other side is told. Terms that were confirmed stay in force
    until the correction is. Raises ``Forbidden``, ``Invalid`` by field, ``Conflict`` for an agreement that
    has ended.
    """
    agreement = _locked(agreement_id)
    action = AgreementAction.CORRECT
    if not access.may(actor, agreement, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_agreement")
    target = AGREEMENT.target(agreement.state, action)
    check_reason(action, reason)
    side = access.acts_as(actor, agreement, action)
    newest = _newest(agreement)
    wanted = check_terms(agreement.kind, {**terms_of(newest or agreement), **terms})
    _version(agreement, wanted, actor, side)
    if agreement.state not in IN_FORCE:
        _take_over(agreement, wanted)
        refuse_twice(agreement)
    agreement.state, agreement.stated_as = target, side
    agreement.save()
    _note(agreement, action, actor, side, reason)
    tell_step(agreement, action, side)
    return agreement


def terms_of(source: Agreement | AgreementVersion) -> dict[str, Any]:
    """The terms that a version or an agreement holds."""
    return {name: getattr(source, name) for name in TERMS}


def _locked(agreement_id: uuid.UUID) -> Agreement:
    """The agreement, locked after its pair."""
    review = lock_pair(Agreement.objects.values_list("review_id", flat=True).get(pk=agreement_id))
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.review = review
    return agreement


def _newest(agreement: Agreement) -> AgreementVersion | None:
    return agreement.versions.order_by("-position").first()


def _version(agreement: Agreement, terms: Mapping[str, Any], actor: User, side: Side) -> AgreementVersion:
    return AgreementVersion.objects.create(
        agreement=agreement,
        position=agreement.versions.count() + 1,
        stated_as=side,
        stated_by=actor,
        **terms,
    )


def _put_in_force(agreement: Agreement, version: AgreementVersion | None, actor: User) -> None:
    now = timezone.now()
    if version is not None:
        _take_over(agreement, terms_of(version))
        refuse_twice(agreement)
        version.confirmed_at = now
        version.save(update_fields=["confirmed_at"])
    agreement.state, agreement.confirmed_at = AgreementState.CONFIRMED, now
    agreement.save()
    if agreement.kind == Kind.CONTRACT:
        take_for(agreement, actor)
    due_on = Outcome.objects.filter(agreement=agreement).values_list("due_on", flat=True).first()
    settle(agreement.review, actor=actor, due_on=due_on)


def _take_over(agreement: Agreement, terms: Mapping[str, Any]) -> None:
    for name, value in terms.items():
        setattr(agreement, name, value)


def _note(agreement: Agreement, action: str, actor: User, side: Side, reason: str = "") -> None:
    AgreementEvent.objects.create(
        agreement=agreement,
        action=action,
        state=agreement.state,
        acted_as=side,
        reason=reason,
        actor=actor,
    )
