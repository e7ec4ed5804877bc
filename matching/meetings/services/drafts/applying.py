"""A computed plan is put into force."""

from __future__ import annotations

import uuid

from django.utils import timezone

from matching.meetings.changes import Changes
from matching.meetings.models import Absence, LeftOut, PlanDraft, SigningMeeting
from matching.meetings.queries.today import begun
from matching.meetings.queries.waiting import still_agreed
from matching.meetings.services.booking import Booked, book
from matching.meetings.services.drafts.computing import absence, reviews_of, setting_of
from matching.meetings.services.drafts.today import is_overtaken
from matching.meetings.services.planning import Place
from matching.review.models import Review


class Outdated(Exception):
    """The plan that the draft was computed from is not the plan of today."""


def put_into_force(draft: PlanDraft, meeting: SigningMeeting) -> Booked:
    """Write what the draft says; the caller holds the locks of both. Raises ``Outdated``."""
    if draft.based_on != meeting.plan or is_overtaken(draft, meeting, timezone.now()):
        raise Outdated
    reviews = {
        review.pk: review
        for review in Review.objects.filter(pk__in=reviews_of(draft.outcome)).select_related(
            "match", "demand__organisation", "supply__organisation"
        )
    }
    changes = Changes.of_json(draft.changes)
    if changes.cuts_anew and begun(meeting):
        raise Outdated
    to_come = [review for review in reviews.values() if review.pk not in begun(meeting)]
    if len(reviews) < len(draft.outcome["seats"]) or not all(map(still_agreed, to_come)):
        raise Outdated
    setting = setting_of(meeting, changes)
    tables = {table.number: table for table in setting.tables}
    if not {table for _key, table, _slot in draft.outcome["seats"]} <= tables.keys():
        raise Outdated
    meeting.venue, meeting.date, meeting.starts = setting.venue, setting.date, setting.starts
    meeting.slot_minutes, meeting.breaks, meeting.gap = setting.slot_minutes, setting.breaks, setting.gap
    meeting.shut_tables, meeting.slots = sorted(setting.shut), draft.outcome["frame"]["slots"]
    meeting.tried = ""
    for absent in changes.absent:
        Absence.objects.create(
            organisation_id=absent.organisation, during=absence(setting, absent), meeting=meeting
        )
    LeftOut.objects.bulk_create(
        (LeftOut(meeting=meeting, review_id=review) for review in changes.leave_out), ignore_conflicts=True
    )
    places = [
        Place(reviews[uuid.UUID(key)], tables[table], slot) for key, table, slot in draft.outcome["seats"]
    ]
    booked = book(meeting, places)
    meeting.save()
    return booked
