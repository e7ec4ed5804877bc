"""Accepted pairs of many firms, for tests of plans."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.engine.agenda import Agenda, check_agenda
from matching.lists.states import LineState
from matching.meetings.changes import Changes
from matching.meetings.models import Appointment, MeetingRule, SigningMeeting
from matching.meetings.services import compute_draft, decide, draft, propose
from matching.meetings.services.booking import standing
from matching.meetings.services.planning import of_meeting, programme_of, standing_seats
from matching.meetings.states import MeetingAction
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.models import Match
from tests import factories, world
from tests.meetings.pairs import accept_all


def crowd(here: world.World, pairs: Iterable[tuple[int, int]]) -> list[Review]:
    """An accepted pair for each of these numbers of a leader firm and a member firm.

    Firm 0 of each side is the world's own; the quantities and prices of all are alike.
    """
    pattern = Match.objects.get(pk=accept_all(here, demands=1)[0].match_id)
    Review.objects.all().delete()
    buyers: dict[int, User] = {0: here.leader}
    sellers: dict[int, User] = {0: here.member}
    return [
        accepted(
            here,
            pattern,
            buyers.setdefault(buyer, factories.make_user(Role.LEADER_FIRM)),
            sellers.setdefault(seller, factories.make_user(Role.MEMBER_FIRM)),
        )
        for buyer, seller in pairs
    ]


def accepted(here: world.World, pattern: Match, buyer: User, seller: User) -> Review:
    """A pair of new lines of these two, accepted now."""
    demand = factories.make_demand(buyer, here.chain, state=LineState.VERIFIED)
    supply = factories.make_supply(
        seller, here.chain, state=LineState.VERIFIED, price_low=Decimal(10), price_high=Decimal(30)
    )
    match = Match.objects.get(pk=pattern.pk)
    match.pk, match.demand, match.supply = uuid.uuid4(), demand, supply
    match.save(force_insert=True)
    return Review.objects.create(
        demand=demand,
        supply=supply,
        match=match,
        state=ReviewState.ACCEPTED,
        quantity=Decimal(100),
        accepted_at=timezone.now(),
    )


def approved(here: world.World, rule: MeetingRule) -> SigningMeeting:
    """The chain's meeting, proposed and approved."""
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    return decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)


def seats(meeting: SigningMeeting) -> dict[uuid.UUID, tuple[int, int]]:
    """Table number and slot of each standing pair."""
    standing = Appointment.objects.filter(meeting=meeting, is_active=True)
    return {
        review: (table, slot)
        for review, table, slot in standing.values_list("review_id", "table__number", "slot")
    }


def drafted(here: world.World, meeting: SigningMeeting, changes: Changes) -> uuid.UUID:
    """A draft of these changes, computed in this process."""
    asked = draft(actor=here.office, meeting_id=meeting.pk, changes=changes)
    compute_draft(draft_id=asked.pk)
    return asked.pk


def faults(meeting: SigningMeeting) -> list[str]:
    """What is wrong with a meeting's plan, by the independent checker and by the rows' own times."""
    items = list(standing(SigningMeeting.objects.get(pk=meeting.pk)))
    setting = of_meeting(meeting, max(meeting.slots, 1))
    programme = programme_of(setting, [item.review for item in items], meeting=meeting)
    planned = tuple(standing_seats(setting, items).values())
    return [*check_agenda(programme, Agenda(planned)), *overlaps()]


def overlaps() -> list[str]:
    """Tables, firms and people that are at two presentations at once, in all meetings."""
    found = []
    for name, column in (("table", "a.table_id"), ("firm", "p.organisation_id"), ("person", "p.person_id")):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH taken AS (
                    SELECT DISTINCT {column} AS who, a.presentation, a.during
                    FROM matching_appointment a JOIN matching_attendance p ON p.appointment_id = a.id
                    WHERE a.is_active AND p.is_active
                )
                SELECT one.who FROM taken one JOIN taken other
                ON one.who = other.who AND one.presentation < other.presentation
                AND one.during && other.during
                """
            )
            found += [f"{name} {who} is taken twice" for (who,) in cursor.fetchall()]
    return found
