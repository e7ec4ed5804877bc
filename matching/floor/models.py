"""Who has arrived at a meeting, and how far its appointments are."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act
from matching.floor.permits import FLOOR
from matching.floor.states import SittingState
from matching.meetings.models import Appointment, SigningMeeting
from matching.record import Record


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Arrivals that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> ArrivalQuerySet:
        """Chain-wide offices all of their chains; firms their own."""
        return self.filter(FLOOR.within(user, Act.VIEW, chain="meeting__chain_id", firm=("organisation_id",)))


class Arrival(Record):
    """A party at the door of a meeting: when it came, or when it says that it will."""

    meeting = models.ForeignKey(
        SigningMeeting, models.CASCADE, related_name="arrivals", verbose_name=_("signing meeting")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="arrivals", verbose_name=_("organisation")
    )
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    coming_at = models.DateTimeField(_("expected at"), null=True, blank=True)
    noted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        ordering = ("meeting", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "organisation"], name="matching_arrived_once")
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class SittingQuerySet(models.QuerySet["Sitting"]):
    """Appointments on their day that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> SittingQuerySet:
        """Those of visible appointments."""
        return self.filter(appointment__in=Appointment.objects.visible_to(user))


class Sitting(models.Model):
    """How far an appointment is on its day, under the appointment's id; one that nobody has touched yet has
    none."""

    appointment = models.OneToOneField(
        Appointment, models.CASCADE, primary_key=True, related_name="sitting", verbose_name=_("appointment")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=8, choices=SittingState.choices, default=SittingState.WAITING
    )
    began_at = models.DateTimeField(_("began at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    noted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment on its day")
        verbose_name_plural = _("appointments on their day")
        ordering = ("appointment",)

    def __str__(self) -> str:
        return str(self.appointment)
