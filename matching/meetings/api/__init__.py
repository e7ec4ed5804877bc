"""API of signing meetings, appointments, venues and the rules that propose meetings."""

from matching.meetings.api.meetings import AppointmentView, MeetingView
from matching.meetings.api.rules import RuleView
from matching.meetings.api.venues import VenueView

__all__ = ("routes",)

routes = [
    ("meetings", MeetingView, "meeting"),
    ("appointments", AppointmentView, "appointment"),
    ("venues", VenueView, "venue"),
    ("meeting-rules", RuleView, "meeting_rule"),
]
