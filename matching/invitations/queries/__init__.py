"""Reads of invitations, agendas and calendars."""

from matching.invitations.queries.agenda import AgendaItem, Card, agenda_of, cards
from matching.invitations.queries.calendars import entries_of, feed_entries, person_of_address
from matching.invitations.queries.guests import is_guest
from matching.invitations.queries.invitations import Answers, answers, invitations, own_invitations
from matching.invitations.queries.links import Link, by_token, is_over, link_path, token_of

__all__ = (
    "AgendaItem",
    "Answers",
    "Card",
    "Link",
    "agenda_of",
    "answers",
    "by_token",
    "cards",
    "entries_of",
    "feed_entries",
    "invitations",
    "is_guest",
    "is_over",
    "link_path",
    "own_invitations",
    "person_of_address",
    "token_of",
)
