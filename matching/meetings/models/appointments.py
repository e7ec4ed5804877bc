"""Appointments and who attends them; PostgreSQL refuses double booking."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act, Scope
from matching.meetings.models.meetings import SigningMeeting
from matching.meetings.models.venues import Table
from matching.meetings.permits import APPOINTMENT, MEETING, MeetingAct
from matching.record import Record
from matching.review.models import Review
from matching.visibility import RowsOfParent


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> AppointmentQuerySet:
        """Standing ones of visible meetings; a firm only its own."""
        return self.recorded_for(user).filter(is_active=True)

    def recorded_for(self, user: User | AnonymousUser) -> AppointmentQuerySet:
        """Also those that a declined or cancelled meeting gave up."""
        invited = models.Q(meeting__in=SigningMeeting.objects.visible_to(user))
        seen = APPOINTMENT.within(
            user,
            Act.VIEW,
            chain="meeting__chain_id",
            firm=("parties__organisation_id",),
            also={Scope.FIRM: invited},
        )
        return self.filter(seen).distinct()


HOLDS = models.Q(is_active=True, is_struck=False)


def _never_twice(column: str, name: str) -> Any:
    """At one presentation at a time."""
    same, other, meanwhile = RangeOperators.EQUAL, RangeOperators.NOT_EQUAL, RangeOperators.OVERLAPS
    return ExclusionConstraint(
        name=name,
        expressions=[(column, same), ("presentation", other), ("during", meanwhile)],
        condition=HOLDS,
    )


def _one_for_all(column: str, name: str) -> Any:
    """The same for all of a presentation, checked once a statement so that it can move as a whole."""
    return ExclusionConstraint(
        name=name,
        expressions=[("presentation", RangeOperators.EQUAL), (column, RangeOperators.NOT_EQUAL)],
        condition=HOLDS,
        deferrable=Deferrable.IMMEDIATE,
    )


class Appointment(Record):
    """One demand party and one supply party at one table and slot (洽谈).

    A declined or cancelled meeting keeps its appointments for the record; they are no longer active
    and hold neither table, parties nor pair. One that was struck on its day, since somebody did not come,
    holds its pair alone. What is pinned is moved by people only. Several of one ``presentation`` are at one
    table in one slot: its member firm, which they share, is there once.
    """

    meeting = models.ForeignKey(
        SigningMeeting, models.CASCADE, related_name="appointments", verbose_name=_("signing meeting")
    )
    review = models.ForeignKey(Review, models.PROTECT, related_name="appointments", verbose_name=_("review"))
    table = models.ForeignKey(Table, models.PROTECT, verbose_name=_("table"))
    slot = models.PositiveSmallIntegerField(_("slot"))
    during = DateTimeRangeField(_("time"))
    presentation = models.UUIDField(_("presentation"), editable=False)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_struck = models.BooleanField(_("struck"), default=False, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("meeting", "slot", "table__number")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(is_active=True),
                name="matching_one_appointment_a_pair",
            ),
            _never_twice("table", "matching_table_never_twice"),
            _one_for_all("table", "matching_presentation_one_table"),
            _one_for_all("slot", "matching_presentation_one_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.during}"


class AttendanceQuerySet(RowsOfParent["Attendance"]):
    """Seen with the appointment."""

    parents = ("appointment",)


class Attendance(models.Model):
    """A party, and where it is known the person, at an appointment; active, or struck, as that is, and of
    its presentation."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="attendances")
    during = DateTimeRangeField(_("time"))
    presentation = models.UUIDField(_("presentation"), editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_struck = models.BooleanField(_("struck"), default=False, editable=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ("pk",)
        constraints: ClassVar = [
            _never_twice("organisation", "matching_party_never_twice"),
            _never_twice("person", "matching_person_never_twice"),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class LeftOutQuerySet(models.QuerySet["LeftOut"]):
    """Seen with the meeting by its offices; firms have no rows of their own here."""

    def visible_to(self, user: User | AnonymousUser) -> LeftOutQuerySet:
        """Those of meetings that the person sees whole."""
        return self.filter(MEETING.within(user, MeetingAct.WHOLE, chain="meeting__chain_id"))


class LeftOut(models.Model):
    """A pair that an office keeps out of one meeting; another meeting may have it."""

    meeting = models.ForeignKey(SigningMeeting, models.CASCADE, related_name="left_out")
    review = models.ForeignKey(Review, models.PROTECT, related_name="+", verbose_name=_("review"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LeftOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair left out")
        verbose_name_plural = _("pairs left out")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "review"], name="matching_left_out_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.review_id}"
