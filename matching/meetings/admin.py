"""Plain admin of venues and rules; meetings are read-only."""

from __future__ import annotations

from django.contrib import admin

from matching.meetings.models import Appointment, Attendance, MeetingRule, SigningMeeting, Table, Venue
from matching.record_admin import ReadOnlyAdmin, ReadOnlyInline


class TableInline(admin.TabularInline[Table, Venue]):
    """Tables of a venue."""

    model = Table
    extra = 0


@admin.register(Venue)
class VenueAdmin(admin.ModelAdmin[Venue]):
    """Venues."""

    list_display = ("name", "region", "address", "is_active")
    search_fields = ("name",)
    inlines = (TableInline,)


@admin.register(MeetingRule)
class MeetingRuleAdmin(admin.ModelAdmin[MeetingRule]):
    """When meetings are proposed."""

    list_display = ("chain", "cadence", "venue", "minimum_pairs", "is_active")
    list_select_related = ("chain", "venue")


class AppointmentInline(ReadOnlyInline[Appointment, SigningMeeting]):
    """Appointments of a meeting."""

    model = Appointment


@admin.register(SigningMeeting)
class SigningMeetingAdmin(ReadOnlyAdmin[SigningMeeting]):
    """Signing meetings."""

    list_display = ("title", "chain", "date", "state", "venue")
    list_filter = ("state", "chain")
    list_select_related = ("chain", "venue")
    inlines = (AppointmentInline,)


class AttendanceInline(ReadOnlyInline[Attendance, Appointment]):
    """Parties of an appointment."""

    model = Attendance


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin[Appointment]):
    """Appointments."""

    list_display = ("meeting", "table", "slot", "during", "is_active")
    list_select_related = ("meeting", "table__venue")
    inlines = (AttendanceInline,)
