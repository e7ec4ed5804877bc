"""API of invitations and of calendars to subscribe to."""

from matching.invitations.api.calendars import CalendarView
from matching.invitations.api.invitations import InvitationView

__all__ = ("routes",)

routes = [
    ("invitations", InvitationView, "invitation"),
    ("calendars", CalendarView, "calendar"),
]
