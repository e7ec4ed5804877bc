"""The invited answer: by the link of a letter, on the portal, by a program, or by telephone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.invitations import access
from matching.invitations.models import Delegate, Invitation
from matching.invitations.models.invitations import REASON_LENGTH
from matching.invitations.queries import is_guest, is_over
from matching.invitations.services.locks import locked
from matching.invitations.services.telling import tell_answered, tell_keepers_of_refusal
from matching.invitations.states import INVITATION, AnswerVia, InvitationAction, InvitationState
from matching.meetings.services import give_up_places
from matching.notices.services import enqueue

MOST_PEOPLE = 10
NAME_LENGTH = 60
_null = ProhibitNullCharactersValidator()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes; ``language`` is a code of the portal's languages."""

    name: str
    job: str = ""
    phone: str = ""
    language: str = settings.LANGUAGE_CODE


@transaction.atomic
def answer(
    *,
    actor: User,
    invitation_id: uuid.UUID,
    action: InvitationAction,
    via: AnswerVia,
    reason: str = "",
    people: Sequence[Person] | None = None,
    version: int | None = None,
) -> Invitation:
    """Say whether an organisation comes, and who; ``people`` None leaves them as they are.

    ``version`` is the answer that a link was written for. Side effects: who declines gives up its places,
    and its named people are erased; colleagues and, for a refusal, the offices are told; the waiting list
    moves up soon after. Raises ``Forbidden``, ``Invalid``, and ``Conflict`` where the answer comes too late,
    the link was used, or the state does not allow it.
    """
    invitation = locked(invitation_id)
    if not access.answers(actor, invitation):
        raise Forbidden(_("Only the invited organisation or the office answers."), code="not_your_invitation")
    target = INVITATION.target(invitation.state, action)
    if is_over(invitation.meeting):
        raise Conflict(_("The meeting is over or is not held."), code="invitation_over")
    if version is not None and version != invitation.version:
        raise Conflict(_("This link was used already; a newer letter has another one."), code="link_used")
    _check(reason, people or ())
    invitation.state, invitation.reason = InvitationState(target), reason.strip()
    invitation.version += 1
    invitation.answered_by, invitation.answered_at, invitation.via = actor, timezone.now(), via
    invitation.save()
    if action != InvitationAction.ACCEPT:
        _stay_away(invitation)
    elif people is not None:
        _come(invitation, people)
    tell_answered(invitation)
    enqueue(task="invitations.keep_meeting", arguments=[invitation.meeting_id])
    return invitation


def _come(invitation: Invitation, people: Sequence[Person]) -> None:
    invitation.delegates.all().delete()
    for person in people:
        Delegate.objects.create(
            invitation=invitation,
            name=person.name.strip(),
            job=person.job.strip(),
            phone=person.phone.strip(),
            language=person.language,
        )


def _stay_away(invitation: Invitation) -> None:
    invitation.delegates.all().delete()
    if not is_guest(invitation):
        give_up_places(meeting=invitation.meeting, organisation_id=invitation.organisation_id)
    if invitation.state == InvitationState.DECLINED:
        tell_keepers_of_refusal(invitation)


def _check(reason: str, people: Sequence[Person]) -> None:
    _fits("reason", reason, REASON_LENGTH)
    if len(people) > MOST_PEOPLE:
        raise Invalid({"delegates": [_("At most %(most)d people.") % {"most": MOST_PEOPLE}]})
    for place, person in enumerate(people):
        if not person.name.strip():
            raise Invalid({f"delegates.{place}.name": [_("Please give a name.")]})
        for name, most in (("name", NAME_LENGTH), ("job", NAME_LENGTH), ("phone", 30)):
            _fits(f"delegates.{place}.{name}", getattr(person, name), most)
        if person.language not in dict(settings.LANGUAGES):
            raise Invalid({f"delegates.{place}.language": [_("The portal does not speak this language.")]})


def _fits(field: str, text: str, most: int) -> None:
    checks: tuple[Any, ...] = (MaxLengthValidator(most), _null)
    for check in checks:
        try:
            check(text)
        except ValidationError as error:
            raise Invalid({field: error.messages}) from error
