"""Verbs on signing meetings: propose from accepted matches, decide, move an appointment, keep venues."""

from matching.meetings.services.decisions import decide, move
from matching.meetings.services.places import give_up_places, offer_places, waiting_pairs
from matching.meetings.services.proposals import period_of, propose, propose_meetings, save_rule
from matching.meetings.services.venues import save_venue

__all__ = (
    "decide",
    "give_up_places",
    "move",
    "offer_places",
    "period_of",
    "propose",
    "propose_meetings",
    "save_rule",
    "save_venue",
    "waiting_pairs",
)
