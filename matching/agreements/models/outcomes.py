"""What came of an appointment, as it is recorded at the table or afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act
from matching.agreements.amounts import Kind
from matching.agreements.models.agreements import Agreement, Side
from matching.agreements.permits import PROGRESS
from matching.meetings.models import Appointment
from matching.record import Record


class Result(models.TextChoices):
    """What came of it; the last four are agreements."""

    MET = "met", _("Met")
    NO_SHOW = "no_show", _("Did not come")
    FOLLOW_UP = "follow_up", _("To be continued")
    INTENT = Kind.INTENT.value, _("Intent")
    SAMPLE = Kind.SAMPLE.value, _("Sample")
    QUOTE = Kind.QUOTE.value, _("Quote")
    CONTRACT = Kind.CONTRACT.value, _("Contract")


class Absent(models.TextChoices):
    """Who did not come."""

    DEMAND = "demand", _("Buyer")
    SUPPLY = "supply", _("Supplier")
    BOTH = "both", _("Both firms")


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Results that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> OutcomeQuerySet:
        """Chain-wide offices those of their chains, firms those of their own appointments."""
        return self.filter(
            PROGRESS.within(
                user,
                Act.VIEW,
                chain="appointment__review__demand__chain_id",
                firm=(
                    "appointment__review__demand__organisation_id",
                    "appointment__review__supply__organisation_id",
                ),
            )
        )


class Outcome(Record):
    """What came of one appointment; recorded again, it is brought up to date."""

    appointment = models.OneToOneField(
        Appointment, models.PROTECT, related_name="outcome", verbose_name=_("appointment")
    )
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    absent = models.CharField(_("who did not come"), max_length=6, choices=Absent.choices, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True, default="")
    due_on = models.DateField(_("next step due"), null=True, blank=True)
    agreement = models.ForeignKey(
        Agreement, models.SET_NULL, null=True, related_name="+", verbose_name=_("agreement")
    )
    recorded_as = models.CharField(_("recorded by"), max_length=6, choices=Side.choices)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of an appointment")
        verbose_name_plural = _("results of appointments")
        ordering = ("-created_at", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(result="no_show") ^ models.Q(absent=""),
                name="matching_outcome_who_is_absent",
                violation_error_message=_("Say who did not come, and only then."),
            )
        ]

    def __str__(self) -> str:
        return self.get_result_display()
