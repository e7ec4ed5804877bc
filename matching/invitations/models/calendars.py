"""What calendars have been told of a meeting and its appointments; addresses to subscribe to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act
from matching.invitations.permits import CALENDAR
from matching.meetings.models import Appointment, SigningMeeting
from matching.record import Record


class CalendarEntry(models.Model):
    """An appointment, or a meeting as a whole, as calendars know it (RFC 5545).

    ``sequence`` grows by one with each change that calendars are told of; ``told`` is the digest of what they
    know now, so that a change is told once, however often anybody looks for it.
    """

    meeting = models.ForeignKey(SigningMeeting, models.CASCADE, related_name="calendar_entries")
    appointment = models.OneToOneField(Appointment, models.CASCADE, null=True, related_name="calendar_entry")
    sequence = models.PositiveIntegerField(default=0)
    told = models.CharField(max_length=64)
    is_cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=models.Q(appointment=None),
                name="matching_meeting_one_calendar_entry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id or self.meeting_id} ({self.sequence})"

    @property
    def uid(self) -> str:
        """The same for ever, whatever becomes of the appointment, and for all of a presentation."""
        if self.appointment is not None:
            return f"appointment-{self.appointment.presentation}@chainmatch"
        return f"meeting-{self.meeting_id}@chainmatch"


class AddressQuerySet(models.QuerySet["CalendarAddress"]):
    """Addresses that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> AddressQuerySet:
        """One's own."""
        return self.filter(CALENDAR.within(user, Act.VIEW, person="user"))


class CalendarAddress(Record):
    """The secret address at which calendar programs read a person's appointments; stored as a digest.

    ``shown`` are its first characters, to be recognised by.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_address")
    digest = models.CharField(max_length=128, unique=True)
    shown = models.CharField(max_length=12)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return self.shown
