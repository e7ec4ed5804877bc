"""Invitations, who comes, what calendars were told, and calendars to subscribe to."""

from matching.invitations.models.calendars import CalendarAddress, CalendarEntry
from matching.invitations.models.invitations import Delegate, Invitation

__all__ = ("CalendarAddress", "CalendarEntry", "Delegate", "Invitation")
