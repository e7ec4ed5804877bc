"""Verbs on signing meetings: propose from accepted matches, decide, plan anew, keep venues and rules."""

from matching.meetings.services.availability import add_absence, remove_absence, save_presence
from matching.meetings.services.decisions import decide, move, pin
from matching.meetings.services.drafts import apply_draft, compute_draft, draft, lost_drafts, recompute
from matching.meetings.services.places import (
    give_up_places,
    offer_places,
    seat_next,
    strike,
    waiting_pairs,
)
from matching.meetings.services.proposals import propose, propose_meetings
from matching.meetings.services.rules import period_of, save_rule
from matching.meetings.services.venues import save_venue

__all__ = (
    "add_absence",
    "apply_draft",
    "compute_draft",
    "decide",
    "draft",
    "give_up_places",
    "lost_drafts",
    "move",
    "offer_places",
    "period_of",
    "pin",
    "propose",
    "propose_meetings",
    "recompute",
    "remove_absence",
    "save_presence",
    "save_rule",
    "save_venue",
    "seat_next",
    "strike",
    "waiting_pairs",
)
