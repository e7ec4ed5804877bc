"""Reads of invitations, agendas and calendars."""

from matching.invitations.queries.agenda import AgendaItem, Card, agenda_of, cards
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
    "invitations",
    "is_guest",
    "is_over",
    "link_path",
    "own_invitations",
    "token_of",
)
