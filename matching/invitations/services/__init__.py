"""Verbs on invitations: keep them up with the plan, answer, remind, invite guests; calendar addresses."""

from matching.invitations.services.answering import Person, answer
from matching.invitations.services.calendars import make_address, revoke_address
from matching.invitations.services.inviting import invite_guest
from matching.invitations.services.keeping import keep_all_up, keep_up
from matching.invitations.services.people import forget_delegates
from matching.invitations.services.reminding import remind, remind_all

__all__ = (
    "Person",
    "answer",
    "forget_delegates",
    "invite_guest",
    "keep_all_up",
    "keep_up",
    "make_address",
    "remind",
    "remind_all",
    "revoke_address",
)
