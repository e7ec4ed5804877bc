"""Guests from offices are invited by the office that looks after the meeting."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import OrganisationKind
from matching.errors import Conflict, Forbidden, Invalid
from matching.invitations import access
from matching.invitations.models import CalendarEntry, Invitation
from matching.invitations.queries import is_over
from matching.invitations.services.deadlines import answer_until
from matching.invitations.services.keeping import keep_up
from matching.invitations.services.locks import locked_meeting
from matching.invitations.services.telling import tell_invited


@transaction.atomic
def invite_guest(*, actor: User, meeting_id: uuid.UUID, organisation_id: uuid.UUID) -> Invitation:
    """Invite an office to an approved meeting.

    Side effects: its people are told, with the meeting for their calendars. Raises ``Forbidden``, ``Invalid``
    where it is no office, and ``Conflict`` where the meeting is over or the office is invited already.
    """
    meeting = locked_meeting(meeting_id)
    if not access.invites(actor, meeting):
        raise Forbidden(_("Only the chain's office or department invites."), code="not_your_meeting")
    if is_over(meeting):
        raise Conflict(_("The meeting is over or is not held."), code="invitation_over")
    guest = Organisation.objects.filter(pk=organisation_id, kind=OrganisationKind.OFFICE).first()
    if guest is None:
        raise Invalid({"organisation": [_("Only offices come as guests; firms come with their matches.")]})
    if Invitation.objects.filter(meeting=meeting, organisation=guest).exists():
        raise Conflict(_("This office is invited already."), code="invited_already")
    now = timezone.now()
    keep_up(meeting_id=meeting.pk, now=now)
    invitation = Invitation.objects.create(
        meeting=meeting, organisation=guest, deadline=answer_until(meeting, now)
    )
    whole = CalendarEntry.objects.get(meeting=meeting, appointment=None)
    tell_invited(invitation, whole.changed_at)
    return invitation
