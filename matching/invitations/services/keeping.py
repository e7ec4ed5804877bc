"""Invitations and calendars follow the plan: whatever moved, came or went is told once."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation
from matching.invitations.models import CalendarEntry, Invitation
from matching.invitations.queries import is_guest
from matching.invitations.services.deadlines import answer_until, begins, offer_until
from matching.invitations.services.locks import locked_meeting
from matching.invitations.services.telling import tell_changed, tell_invited, tell_taken_in, tell_withdrawn
from matching.invitations.states import INVITATION, PLACED, REFUSED, InvitationAction, InvitationState
from matching.meetings.models import Appointment, Attendance, SigningMeeting
from matching.meetings.services import give_up_places, offer_places, waiting_pairs
from matching.meetings.states import GIVEN_UP, MeetingState

log = logging.getLogger(__name__)
Changed = dict[uuid.UUID, list[CalendarEntry]]
"""Calendar entries that changed, by organisation."""


def keep_all_up(*, now: datetime) -> int:
    """Bring invitations of all meetings to come up to date; returns how many meetings were asked.

    Side effects: as ``keep_up``. What fails for one meeting is logged and keeps no other from its turn.
    """
    today = timezone.localdate(now)
    told = Q(state=MeetingState.APPROVED) | Q(
        state__in=GIVEN_UP, approved_at__isnull=False, calendar_entries__is_cancelled=False
    )
    due = SigningMeeting.objects.filter(told, date__gte=today).distinct().order_by("date", "pk")
    meetings = list(due.values_list("pk", flat=True))
    for pk in meetings:
        try:
            keep_up(meeting_id=pk, now=now)
        except Exception:
            log.exception("Invitations of meeting %s were not brought up to date", pk)
    return len(meetings)


@transaction.atomic
def keep_up(*, meeting_id: uuid.UUID, now: datetime) -> None:
    """Bring one meeting's invitations and calendar entries up to date with its plan.

    Side effects: places that nobody answered for, and those that were given up, go to the waiting list;
    whoever has a place is invited; each changed appointment raises its entry's sequence by one; each
    organisation gets one notice of all of that. Done again, it finds nothing to do.
    """
    meeting = locked_meeting(meeting_id)
    if meeting.approved_at is None or meeting.state == MeetingState.HELD:
        return
    offered: set[uuid.UUID] = set()
    if meeting.state == MeetingState.APPROVED and meeting.date > timezone.localdate(now):
        _lapse(meeting, now)
        offered = _offer(meeting)
    changed = _renew_entries(meeting, now)
    invited = _renew_invitations(meeting, offered, now)
    for invitation in _invitations(meeting):
        mine = _as_told(changed.get(invitation.organisation_id, []))
        if mine and invitation.pk not in invited:
            tell_changed(invitation, mine, now)


def _as_told(changed: list[CalendarEntry]) -> list[CalendarEntry]:
    """What has gone, each, and what moved or came, a presentation once."""
    gone = [entry for entry in changed if entry.is_cancelled]
    return [*gone, *{entry.uid: entry for entry in changed if not entry.is_cancelled}.values()]


def _invitations(meeting: SigningMeeting) -> list[Invitation]:
    found = list(Invitation.objects.filter(meeting=meeting).select_related("organisation"))
    for invitation in found:
        invitation.meeting = meeting
    return found


def _lapse(meeting: SigningMeeting, now: datetime) -> None:
    """Places from the waiting list that were not answered for go to the next one."""
    late = Invitation.objects.filter(
        meeting=meeting, state=InvitationState.OPEN, offered=True, deadline__lt=now
    )
    for invitation in late:
        _step(invitation, InvitationAction.LAPSE)
        give_up_places(meeting=meeting, organisation_id=invitation.organisation_id)


def _offer(meeting: SigningMeeting) -> set[uuid.UUID]:
    """Firms that get a place from the waiting list now."""
    refused = set(
        Invitation.objects.filter(meeting=meeting, state__in=REFUSED).values_list(
            "organisation_id", flat=True
        )
    )
    pairs = offer_places(meeting=meeting, passing_over=refused)
    return {firm for pair in pairs for firm in (pair.demand.organisation_id, pair.supply.organisation_id)}


def _renew_entries(meeting: SigningMeeting, now: datetime) -> Changed:
    known = {entry.appointment_id: entry for entry in CalendarEntry.objects.filter(meeting=meeting)}
    planned = meeting.appointments.select_related("table").prefetch_related("parties")
    changed: Changed = defaultdict(list)
    for appointment in planned:
        entry = _renewed(meeting, appointment, known.get(appointment.pk), now)
        if entry is not None:
            for party in appointment.parties.all():
                changed[party.organisation_id].append(entry)
    whole = _renewed(meeting, None, known.get(None), now)
    if whole is not None:
        for guest in Invitation.objects.filter(meeting=meeting).select_related("organisation"):
            if is_guest(guest):
                changed[guest.organisation_id].append(whole)
    return changed


def _renewed(
    meeting: SigningMeeting, appointment: Appointment | None, entry: CalendarEntry | None, now: datetime
) -> CalendarEntry | None:
    """The entry with its next sequence number where calendars have to learn something, else None."""
    cancelled = meeting.state in GIVEN_UP or (appointment is not None and not appointment.is_active)
    told = _digest(meeting, appointment, cancelled)
    if entry is None and not cancelled:
        entry = CalendarEntry(meeting=meeting, appointment=appointment, sequence=0)
    elif entry is None or entry.told == told:
        return None
    else:
        entry.sequence += 1
        entry.appointment = appointment
    entry.told, entry.is_cancelled, entry.changed_at = told, cancelled, now
    entry.save()
    return entry


def _digest(meeting: SigningMeeting, appointment: Appointment | None, cancelled: bool) -> str:
    """Of what calendars show that may change: when, where and whether."""
    when: tuple[object, ...] = (meeting.date, meeting.starts, meeting.slots)
    if appointment is not None:
        during = appointment.during
        when = (during.lower.timestamp(), during.upper.timestamp(), appointment.table.number)
    venue = meeting.venue
    told = (cancelled,) if cancelled else (*when, venue.name, venue.address)
    return hashlib.sha256("\x1f".join(str(each) for each in told).encode()).hexdigest()


def _renew_invitations(meeting: SigningMeeting, offered: set[uuid.UUID], now: datetime) -> set[uuid.UUID]:
    """Invite who has a place, withdraw who has none any more; returns the invitations that were told so."""
    told = set()
    held = _invitations(meeting)
    seated = set(
        Attendance.objects.filter(appointment__meeting=meeting, is_active=True).values_list(
            "organisation_id", flat=True
        )
    )
    for invitation in held:
        stays = meeting.state == MeetingState.APPROVED and (
            is_guest(invitation) or invitation.organisation_id in seated
        )
        if stays and not is_guest(invitation) and invitation.state not in PLACED:
            _invite(invitation, invitation.organisation_id in offered, now)
        elif not stays and invitation.state in PLACED:
            _step(invitation, InvitationAction.WITHDRAW)
            tell_withdrawn(invitation, now)
        else:
            if invitation.state == InvitationState.WAITING and meeting.state in GIVEN_UP:
                _step(invitation, InvitationAction.WITHDRAW)
            continue
        told.add(invitation.pk)
    strangers = seated - {invitation.organisation_id for invitation in held}
    for firm in Organisation.objects.filter(pk__in=strangers).order_by("name", "pk"):
        invitation = Invitation(meeting=meeting, organisation=firm, deadline=now)
        _place(invitation, firm.pk in offered, now)
        told.add(invitation.pk)
    _note_waiting(meeting, seated | {invitation.organisation_id for invitation in held}, now)
    return told


def _invite(invitation: Invitation, offered: bool, now: datetime) -> None:
    invitation.state = InvitationState(INVITATION.target(invitation.state, InvitationAction.INVITE))
    _place(invitation, offered, now)


def _place(invitation: Invitation, offered: bool, now: datetime) -> None:
    if begins(invitation.meeting) <= now:
        _take_in(invitation, now)
        return
    until = offer_until if offered else answer_until
    invitation.offered, invitation.deadline = offered, until(invitation.meeting, now)
    invitation.save()
    tell_invited(invitation, now)


def _take_in(invitation: Invitation, now: datetime) -> None:
    """Who gets a place of a day that has begun is there and has said so: nothing is left to be answered."""
    invitation.state = InvitationState(INVITATION.target(invitation.state, InvitationAction.ACCEPT))
    invitation.offered, invitation.deadline, invitation.answered_at = False, now, now
    invitation.save()
    tell_taken_in(invitation, now)


def _note_waiting(meeting: SigningMeeting, known: set[uuid.UUID], now: datetime) -> None:
    """Firms with an accepted pair and no place stand on the waiting list, and see it on the portal."""
    if meeting.state != MeetingState.APPROVED:
        return
    waiting = {
        firm
        for pair in waiting_pairs(meeting=meeting)
        for firm in (pair.demand.organisation_id, pair.supply.organisation_id)
    }
    until = answer_until(meeting, now)
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, organisation_id=firm, deadline=until, state=InvitationState.WAITING)
        for firm in sorted(waiting - known)
    )


def _step(invitation: Invitation, action: InvitationAction) -> None:
    invitation.state = InvitationState(INVITATION.target(invitation.state, action))
    invitation.save(update_fields=["state"])
