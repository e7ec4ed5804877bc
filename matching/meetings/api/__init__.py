"""API of signing meetings: appointments, drafts of plans, availability, venues and rules."""

from matching.meetings.api.appointments import AppointmentView
from matching.meetings.api.availability import AbsenceView, PresenceView
from matching.meetings.api.drafts import DraftView
from matching.meetings.api.meetings import MeetingView
from matching.meetings.api.rules import RuleView
from matching.meetings.api.venues import VenueView

__all__ = ("routes",)

routes = [
    ("meetings", MeetingView, "meeting"),
    ("appointments", AppointmentView, "appointment"),
    ("plan-drafts", DraftView, "plan_draft"),
    ("absences", AbsenceView, "absence"),
    ("presences", PresenceView, "presence"),
    ("venues", VenueView, "venue"),
    ("meeting-rules", RuleView, "meeting_rule"),
]
