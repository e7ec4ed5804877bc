"""Venues, rules, signing meetings and appointments, and what their plans depend on."""

from matching.meetings.models.appointments import Appointment, Attendance, LeftOut
from matching.meetings.models.availability import HOME_LANGUAGE, Absence, Presence
from matching.meetings.models.drafts import PlanDraft
from matching.meetings.models.meetings import SigningMeeting
from matching.meetings.models.rules import Cadence, Frame, MeetingRule
from matching.meetings.models.venues import Table, Venue

__all__ = (
    "HOME_LANGUAGE",
    "Absence",
    "Appointment",
    "Attendance",
    "Cadence",
    "Frame",
    "LeftOut",
    "MeetingRule",
    "PlanDraft",
    "Presence",
    "SigningMeeting",
    "Table",
    "Venue",
)
