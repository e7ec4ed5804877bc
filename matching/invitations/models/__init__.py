"""Invitations, who comes, and what calendars were told."""

from matching.invitations.models.calendars import CalendarEntry
from matching.invitations.models.invitations import Delegate, Invitation

__all__ = ("CalendarEntry", "Delegate", "Invitation")
