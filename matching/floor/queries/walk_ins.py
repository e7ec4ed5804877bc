"""Pairs that might meet on the spot: of a published list, asked by the office, refused by nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from accounts.models import Organisation, User
from matching.lists.states import LineState
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.queries.today import here
from matching.review.models import Review
from matching.review.states import LEADER_ACTIONS, MISSING_ANSWERS, NAMED, ReviewState


@dataclass(frozen=True, slots=True)
class WalkIn:
    """A pair whose firms are both here; whose yes is missing."""

    review: Review
    asks_demand: bool
    asks_supply: bool


def eligible(meeting: SigningMeeting) -> QuerySet[Review]:
    """Unplanned pairs of the meeting's chain and kind that a published list names, whoever is here."""
    pairs = Review.objects.filter(
        state__in=NAMED,
        match__listed=True,
        match__run__published__isnull=False,
        demand__chain=meeting.chain_id,
        demand__kind=meeting.kind,
        demand__state=LineState.VERIFIED,
        supply__state=LineState.VERIFIED,
    )
    return pairs.exclude(pk__in=Appointment.objects.filter(is_active=True).values("review"))


def walk_in_pairs(user: User, meeting: SigningMeeting) -> QuerySet[Review]:
    """Visible pairs whose firms are both here."""
    present = here(meeting)
    return (
        Review.objects.visible_to(user)
        .filter(pk__in=eligible(meeting))
        .filter(demand__organisation__in=present, supply__organisation__in=present)
        .select_related("match", "demand__organisation", "supply__organisation")
    )


def walk_ins(user: User, meeting: SigningMeeting) -> list[WalkIn]:
    """The same by their firms' names."""
    names = ("demand__organisation__name", "supply__organisation__name", "pk")
    pairs = walk_in_pairs(user, meeting).order_by(*names)
    return [WalkIn(review, asks_demand(review), asks_supply(review)) for review in pairs]


def asks_demand(review: Review) -> bool:
    """Whether the leader firm's yes is missing."""
    return bool(set(MISSING_ANSWERS[ReviewState(review.state)]) & LEADER_ACTIONS)


def asks_supply(review: Review) -> bool:
    """Whether the member firm's yes is missing."""
    return bool(set(MISSING_ANSWERS[ReviewState(review.state)]) - LEADER_ACTIONS)


def may_come(meeting: SigningMeeting) -> QuerySet[Organisation]:
    """Firms with an appointment, or with a pair that might meet on the spot."""
    planned = Q(attendances__appointment__meeting=meeting, attendances__is_active=True)
    pairs = eligible(meeting)
    of_pairs = Q(pk__in=pairs.values("demand__organisation")) | Q(pk__in=pairs.values("supply__organisation"))
    return Organisation.objects.filter(planned | of_pairs).distinct().order_by(F("name"), "pk")
