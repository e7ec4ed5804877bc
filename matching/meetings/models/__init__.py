"""Venues, rules, signing meetings and appointments."""

from matching.meetings.models.appointments import Appointment, Attendance
from matching.meetings.models.meetings import SigningMeeting
from matching.meetings.models.rules import Cadence, MeetingRule
from matching.meetings.models.venues import Table, Venue

__all__ = ("Appointment", "Attendance", "Cadence", "MeetingRule", "SigningMeeting", "Table", "Venue")
