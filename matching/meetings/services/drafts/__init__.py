"""Verbs on drafts: ask what a changed plan would be, compute it, put it into force."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from itertools import islice

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.meetings import access
from matching.meetings.changes import Changes
from matching.meetings.clocks import working_days
from matching.meetings.models import Attendance, MeetingRule, PlanDraft, SigningMeeting
from matching.meetings.queries.today import begun
from matching.meetings.services.drafts.applying import Outdated, put_into_force
from matching.meetings.services.drafts.computing import Impossible, computed
from matching.meetings.services.planning import PlanRefused
from matching.meetings.states import DRAFT, PLANNED_ANEW, DraftAction, DraftState
from matching.notices.services import enqueue
from matching.review.models import Review

__all__ = ("apply_draft", "compute_draft", "draft", "draft_alternatives", "lost_drafts", "recompute")
COMPUTE = "meetings.compute_draft"
PATIENCE = timedelta(seconds=60)
MOST_VENUES = 3
log = logging.getLogger(__name__)


@transaction.atomic
def draft(*, actor: User, meeting_id: uuid.UUID, changes: Changes) -> PlanDraft:
    """Ask what the plan would be after these changes.

    Side effects: a draft that a worker computes; the meeting stays as it is. Raises ``Forbidden``,
    ``Invalid``, and ``Conflict`` where the plan can't change any more.
    """
    meeting = SigningMeeting.objects.get(pk=meeting_id)
    if not access.can_draft(actor, meeting):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    _refuse_over(meeting)
    _check(meeting, changes)
    return _queue(PlanDraft(meeting=meeting, author=actor, changes=changes.as_json()))


def _check(meeting: SigningMeeting, changes: Changes) -> None:
    """Firms of the meeting and pairs of its chain only; what is foreign is refused like what is absent."""
    firms = {absent.organisation for absent in changes.absent}
    of_meeting = Attendance.objects.filter(appointment__meeting=meeting, appointment__is_active=True)
    if firms - set(of_meeting.values_list("organisation_id", flat=True)):
        raise Invalid({"absent": [_("This firm has no appointment at the meeting.")]})
    pairs = Review.objects.filter(pk__in=changes.leave_out, demand__chain_id=meeting.chain_id)
    if pairs.count() < len(set(changes.leave_out)):
        raise Invalid({"leave_out": [_("There is no such pair in the meeting's chain.")]})
    if changes.cuts_anew and begun(meeting):
        raise Conflict(_("The day has begun; its times and its venue stay."), code="day_has_begun")
    if changes.date is not None and changes.date <= timezone.localdate():
        raise Invalid({"date": [_("The day has to lie ahead.")]})


def _refuse_over(meeting: SigningMeeting) -> None:
    if meeting.state not in PLANNED_ANEW:
        raise Conflict(_("The plan of this meeting can't change in its state."), code="meeting_over")


def _queue(found: PlanDraft) -> PlanDraft:
    found.queued_at = timezone.now()
    found.save()
    enqueue(task=COMPUTE, arguments=[found.pk])
    return found


def draft_alternatives(meeting: SigningMeeting, rule: MeetingRule) -> None:
    """Drafts of what a department might choose instead of a new proposal: other venues, days and lengths."""
    later = next(islice(working_days(meeting.date + timedelta(days=7)), 1), None)
    venues = rule.other_venues.filter(is_active=True).exclude(pk=meeting.venue_id)[:MOST_VENUES]
    asked = [Changes(venue=venue.pk) for venue in venues]
    if later is not None:
        asked.append(Changes(date=later))
    if meeting.slots > 1:
        asked.append(Changes(slots=max(1, meeting.slots // 2)))
    asked.append(Changes(slots=meeting.slots + max(2, meeting.slots // 2)))
    for changes in asked:
        _queue(PlanDraft(meeting=meeting, changes=changes.as_json()))


def compute_draft(*, draft_id: uuid.UUID) -> None:
    """Compute a draft that waits; nothing where another worker was faster.

    Side effects: the draft is ready, or failed with the code of the reason.
    """
    found = PlanDraft.objects.filter(pk=draft_id, state=DraftState.WAITING).first()
    if found is None:
        return
    meeting = SigningMeeting.objects.select_related("venue", "chain").get(pk=found.meeting_id)
    problem, based_on, outcome = "", meeting.plan, {}
    try:
        result = computed(meeting, Changes.of_json(found.changes))
        based_on, outcome = result.based_on, result.outcome
    except Impossible as error:
        problem = error.code
    except PlanRefused:
        log.exception("The plan of draft %s is refused", found.pk)
        problem = "plan_refused"
    with transaction.atomic():
        mine = PlanDraft.objects.select_for_update().filter(pk=draft_id, state=DraftState.WAITING).first()
        if mine is None:
            return
        action = DraftAction.FAIL if problem else DraftAction.FINISH
        mine.state, mine.problem = DRAFT.target(mine.state, action), problem
        mine.based_on, mine.outcome, mine.computed_at = based_on, outcome, timezone.now()
        mine.save()


def lost_drafts() -> list[uuid.UUID]:
    """Drafts that nobody computes: their message or their worker was lost.

    Side effects: they count as queued now, so that they are not queued again at each sweep.
    """
    now = timezone.now()
    with transaction.atomic():
        lost = PlanDraft.objects.select_for_update(skip_locked=True).filter(
            state=DraftState.WAITING, queued_at__lt=now - PATIENCE
        )
        found = list(lost.values_list("pk", flat=True)[:100])
        PlanDraft.objects.filter(pk__in=found).update(queued_at=now)
    return found


@transaction.atomic
def recompute(*, actor: User, draft_id: uuid.UUID) -> PlanDraft:
    """Compute a draft anew from the plan as it is now. Raises ``Forbidden`` and ``Conflict``."""
    found, meeting = _locked(draft_id)
    if not access.can_draft(actor, meeting):
        raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
    _refuse_over(meeting)
    found.state = DRAFT.target(found.state, DraftAction.RECOMPUTE)
    return _queue(found)


def _locked(draft_id: uuid.UUID) -> tuple[PlanDraft, SigningMeeting]:
    """Both under lock, the meeting first as in every other verb."""
    meeting = (
        SigningMeeting.objects.select_for_update(of=("self",))
        .select_related("chain", "venue")
        .get(drafts=draft_id)
    )
    return PlanDraft.objects.select_for_update().get(pk=draft_id), meeting


def apply_draft(*, actor: User, draft_id: uuid.UUID) -> PlanDraft:
    """Put a computed draft into force.

    Side effects: the meeting and its appointments change in one transaction; of an approved meeting
    everybody whose appointment moves, comes or goes is told. Raises ``Forbidden``, and ``Conflict`` where the
    state forbids it or where somebody changed the plan, or took a place of it, meanwhile: then the draft is
    computed anew.
    """
    try:
        with transaction.atomic():
            found, meeting = _locked(draft_id)
            if not access.can_apply(actor, meeting):
                raise Forbidden(_("Your role does not allow this."), code="not_your_meeting")
            state = DRAFT.target(found.state, DraftAction.APPLY)
            _refuse_over(meeting)
            put_into_force(found, meeting)
            found.state = state
            found.save(update_fields=["state"])
            return found
    except (Outdated, IntegrityError, OperationalError) as error:
        recompute(actor=actor, draft_id=draft_id)
        raise Conflict(
            _("The plan has changed meanwhile; the draft is being computed anew."), code="plan_changed"
        ) from error
