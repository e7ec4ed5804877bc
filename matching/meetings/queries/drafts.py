"""Reads of drafts: the plan as it would be, in words for people."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django_stubs_ext import StrPromise

from accounts.models import User
from matching.meetings.models import PlanDraft, SigningMeeting, Venue
from matching.meetings.queries.times import slot_ranges
from matching.meetings.queries.waiting import unplanned
from matching.meetings.queries.worth import Reasons, reasons
from matching.meetings.words import CAUSES
from matching.review.models import Review


def drafts(user: User) -> QuerySet[PlanDraft]:
    """Visible drafts with their meeting, the latest first."""
    return PlanDraft.objects.visible_to(user).select_related("meeting").order_by("-created_at", "pk")


def alternatives(meeting: SigningMeeting) -> QuerySet[PlanDraft]:
    """Drafts that came with the proposal, in the order they were thought of."""
    return PlanDraft.objects.filter(meeting=meeting, author=None).order_by("created_at", "pk")


def reasons_of(meeting: SigningMeeting) -> Reasons:
    """Why a meeting is as it is now: of its appointments and the pairs of its chain that still wait."""
    held = Review.objects.filter(appointments__meeting=meeting, appointments__is_active=True)
    lines = ("match", "demand", "supply")
    left = unplanned(meeting.chain_id, meeting.kind)
    if meeting.leader_id is not None:
        left = [review for review in left if review.demand.organisation_id == meeting.leader_id]
    return reasons(held.select_related(*lines), left, meeting.date)


def told_outcome(draft: PlanDraft) -> dict[str, Any]:
    """A computed draft as the API tells it."""
    outcome = draft.outcome
    frame = {name: outcome["frame"][name] for name in ("date", "venue", "slot_minutes", "slots", "tables")}
    return {
        **frame,
        "starts": time.fromisoformat(outcome["frame"]["starts"]),
        "fewest": outcome["fewest"],
        "gap_to_best": outcome["gap_to_best"],
        "reasons": outcome["figures"],
        "moves": [
            {
                "review": move["review"],
                "before": _place(move["before"]),
                "now": _place(move["now"]),
                "cause": move["cause"],
                "made_room_for": move["for"],
                "pinned": move.get("pinned", False),
            }
            for move in outcome["moves"]
        ],
        "added": outcome["added"],
        "left": outcome["left"],
    }


def _place(place: list[int] | None) -> dict[str, int] | None:
    return None if place is None else {"table": place[0], "slot": place[1]}


@dataclass(frozen=True, slots=True)
class DraftFrame:
    """The day of a draft."""

    venue: Venue
    date: date
    starts: time
    slot_minutes: int
    breaks: list[str]
    slots: int
    tables: int


@dataclass(frozen=True, slots=True)
class DraftMove:
    """An appointment that would change: from when and which table, to when and which, why and for whom.

    One that was pinned changes only where a rule forbids the pin.
    """

    review: Review
    before: tuple[datetime, int]
    now: tuple[datetime, int] | None
    why: StrPromise
    made_room_for: list[Review]
    pinned: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A computed draft as its page shows it."""

    frame: DraftFrame
    moves: list[DraftMove]
    added: list[tuple[Review, datetime, int]]
    left: list[Review]
    figures: Mapping[str, Any]
    fewest: bool
    gap_percent: float

    def differs(self, meeting: SigningMeeting) -> bool:
        """Whether anybody would notice: another day, hour or venue, or another appointment."""
        now = (meeting.date, meeting.starts, meeting.venue_id)
        then = (self.frame.date, self.frame.starts, self.frame.venue.pk)
        return now != then or bool(self.moves or self.added)


def told(draft: PlanDraft) -> Told:
    """Rows and words of a computed draft; constant queries."""
    outcome, meeting = draft.outcome, draft.meeting
    frame = _frame(outcome["frame"])
    seats = {key: (table, slot) for key, table, slot in outcome["seats"]}
    reviews = _reviews(
        [
            *seats,
            *outcome["left"],
            *(key for move in outcome["moves"] for key in (move["review"], *move["for"])),
        ]
    )
    moves = outcome["moves"]
    old = slot_ranges(meeting, 1 + max([meeting.slots, *(move["before"][1] for move in moves)]))
    new = slot_ranges(frame, 1 + max([frame.slots, *(slot for _table, slot in seats.values())]))
    return Told(
        frame=frame,
        moves=[
            DraftMove(
                review=reviews[move["review"]],
                before=(old[move["before"][1]].lower, move["before"][0]),
                now=move["now"] and (new[move["now"][1]].lower, move["now"][0]),
                why=CAUSES[move["cause"]],
                made_room_for=[reviews[key] for key in move["for"]],
                pinned=move.get("pinned", False),
            )
            for move in moves
        ],
        added=[(reviews[key], new[seats[key][1]].lower, seats[key][0]) for key in outcome["added"]],
        left=[reviews[key] for key in outcome["left"]],
        figures=outcome["figures"],
        fewest=outcome["fewest"],
        gap_percent=round(outcome["gap_to_best"] * 100, 1),
    )


def _frame(stored: Mapping[str, Any]) -> DraftFrame:
    return DraftFrame(
        venue=Venue.objects.get(pk=stored["venue"]),
        date=date.fromisoformat(stored["date"]),
        starts=time.fromisoformat(stored["starts"]),
        slot_minutes=stored["slot_minutes"],
        breaks=stored["breaks"],
        slots=stored["slots"],
        tables=stored["tables"],
    )


def _reviews(keys: Iterable[str]) -> dict[str, Review]:
    found = Review.objects.filter(pk__in={uuid.UUID(key) for key in keys}).select_related(
        "demand__organisation", "supply__organisation"
    )
    return {str(review.pk): review for review in found}
