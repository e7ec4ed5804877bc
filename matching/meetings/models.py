"""Venues, signing meetings and appointments; PostgreSQL refuses double booking."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act, Scope
from accounts.validators import validate_region_code
from matching.chains.models import Chain
from matching.meetings.permits import APPOINTMENT, MEETING, RULE, VENUE
from matching.meetings.states import MeetingState
from matching.record import Record
from matching.review.models import Review
from matching.visibility import ChainRows, RowsOfParent


class VenueQuerySet(models.QuerySet["Venue"]):
    """Venues are known to everybody in the programme."""

    def visible_to(self, user: User | AnonymousUser) -> VenueQuerySet:
        """All of them; none for visitors."""
        return self.filter(VENUE.within(user, Act.VIEW))


class Venue(Record):
    """A place with tables."""

    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200)
    region = models.CharField(_("region"), max_length=6, validators=[validate_region_code])
    is_active = models.BooleanField(_("active"), default=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class TableQuerySet(RowsOfParent["Table"]):
    """Seen with the venue."""

    parents = ("venue",)


class Table(models.Model):
    """A numbered table of a venue; two meetings on one day share a venue but no table."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="tables", verbose_name=_("venue"))
    number = models.PositiveSmallIntegerField(_("number"))

    objects = TableQuerySet.as_manager()

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        ordering = ("venue", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["venue", "number"], name="matching_table_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.venue} {self.number}"


class Cadence(models.TextChoices):
    """How often a chain's meetings are proposed."""

    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")


class MeetingRule(Record):
    """When and how a chain's signing meeting is proposed; an office edits it."""

    chain = models.OneToOneField(Chain, models.CASCADE, verbose_name=_("chain"))
    cadence = models.CharField(_("cadence"), max_length=8, choices=Cadence.choices, default=Cadence.MONTH)
    minimum_pairs = models.PositiveSmallIntegerField(
        _("accepted matches needed"), default=1, validators=[MinValueValidator(1)]
    )
    lead_days = models.PositiveSmallIntegerField(_("days of notice"), default=14)
    venue = models.ForeignKey(Venue, models.PROTECT, verbose_name=_("venue"))
    starts = models.TimeField(_("starts"), default=time(9, 0))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes a slot"), default=30, validators=[MinValueValidator(10), MaxValueValidator(120)]
    )
    slots_a_day = models.PositiveSmallIntegerField(
        _("slots a day"), default=12, validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    is_active = models.BooleanField(_("active"), default=True)

    permits = RULE
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("meeting rule")
        verbose_name_plural = _("meeting rules")
        ordering = ("chain_id",)

    def __str__(self) -> str:
        return str(self.chain)


class MeetingQuerySet(models.QuerySet["SigningMeeting"]):
    """Signing meetings that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> MeetingQuerySet:
        """Chain-wide offices all of their chains; firms those they were invited to, cancelled ones too."""
        attended = Attendance.objects.filter(organisation_id__in=MEETING.firms(user, Act.VIEW))
        invited = models.Q(approved_at__isnull=False, pk__in=attended.values("appointment__meeting_id"))
        return self.filter(invited | MEETING.within(user, Act.VIEW, chain="chain_id"))


class SigningMeeting(Record):
    """A day with tables and slots (签约会), one proposal a chain, kind and period.

    Once ``approved_at`` is set, its firms see it, whatever becomes of it.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="meetings", verbose_name=_("chain"))
    kind = models.CharField(_("kind"), max_length=20, default="product")
    title = models.CharField(_("title"), max_length=160)
    period = models.DateField(_("period"), help_text=_("First day of the month or quarter."))
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.PROPOSED
    )
    venue = models.ForeignKey(Venue, models.PROTECT, verbose_name=_("venue"))
    date = models.DateField(_("date"))
    starts = models.TimeField(_("starts"))
    slot_minutes = models.PositiveSmallIntegerField(_("minutes a slot"))
    slots = models.PositiveSmallIntegerField(_("slots"))
    tables = models.PositiveSmallIntegerField(_("tables"))
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing meeting")
        verbose_name_plural = _("signing meetings")
        ordering = ("-date", "chain_id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chain", "kind", "period"],
                condition=models.Q(state=MeetingState.PROPOSED),
                name="matching_one_proposal_a_period",
            )
        ]

    def __str__(self) -> str:
        return self.title


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


def _never_twice(column: str, name: str) -> Any:
    return ExclusionConstraint(
        name=name,
        expressions=[(column, RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
        condition=models.Q(is_active=True),
    )


class Appointment(Record):
    """One demand party and one supply party at one table and slot (洽谈).

    A declined or cancelled meeting keeps its appointments for the record; they are no longer active
    and hold neither table, parties nor pair.
    """

    meeting = models.ForeignKey(
        SigningMeeting, models.CASCADE, related_name="appointments", verbose_name=_("signing meeting")
    )
    review = models.ForeignKey(Review, models.PROTECT, related_name="appointments", verbose_name=_("review"))
    table = models.ForeignKey(Table, models.PROTECT, verbose_name=_("table"))
    slot = models.PositiveSmallIntegerField(_("slot"))
    during = DateTimeRangeField(_("time"))
    is_active = models.BooleanField(_("active"), default=True)

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
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.during}"


class AttendanceQuerySet(RowsOfParent["Attendance"]):
    """Seen with the appointment."""

    parents = ("appointment",)


class Attendance(models.Model):
    """A party, and where it is known the person, at an appointment; active as long as that is."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="attendances")
    during = DateTimeRangeField(_("time"))
    is_active = models.BooleanField(_("active"), default=True)

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
