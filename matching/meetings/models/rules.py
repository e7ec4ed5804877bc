"""The rules by which meetings are proposed."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.chains.models import Chain
from matching.meetings.clocks import validate_break
from matching.meetings.events import Event
from matching.meetings.models.venues import Venue
from matching.meetings.permits import RULE
from matching.record import Record
from matching.visibility import ChainRows

MOST_BREAKS = 6


class Cadence(models.TextChoices):
    """When a chain's meetings are proposed."""

    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    ENOUGH = "enough", _("Whenever enough is accepted")


class Frame(models.Model):
    """How a day of appointments is cut: what a rule proposes and a meeting has."""

    starts = models.TimeField(_("starts"), default=time(9, 0))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes a slot"), default=30, validators=[MinValueValidator(10), MaxValueValidator(120)]
    )
    breaks = ArrayField(
        models.CharField(max_length=11, validators=[validate_break]),
        verbose_name=_("breaks"),
        default=list,
        blank=True,
        size=MOST_BREAKS,
        help_text=_("Like 12:00-13:30, several with commas."),
    )
    gap = models.PositiveSmallIntegerField(
        _("free slots between two appointments of a firm"), default=0, validators=[MaxValueValidator(6)]
    )
    travel_minutes = models.PositiveSmallIntegerField(
        _("minutes from one city to another"),
        default=90,
        validators=[MaxValueValidator(480)],
        help_text=_("For on-site visits, between cities that are not named below."),
    )
    travel_times = models.JSONField(
        _("minutes between two cities"),
        default=dict,
        blank=True,
        help_text=_("Cities with minutes, like 太原市-大同市 180, 太原市-晋中市 40; either way."),
    )
    interpreters = models.JSONField(
        _("interpreters"),
        default=dict,
        blank=True,
        help_text=_("How many there are of each language at the same time, like en 2, ja 1."),
    )

    class Meta:
        abstract = True


class MeetingRule(Record, Frame):
    """When and how a chain's meetings of one kind of event are proposed; an office edits it."""

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="meeting_rules", verbose_name=_("chain"))
    event = models.CharField(_("event"), max_length=10, choices=Event.choices, default=Event.SIGNING)
    cadence = models.CharField(_("cadence"), max_length=8, choices=Cadence.choices, default=Cadence.MONTH)
    minimum_pairs = models.PositiveSmallIntegerField(
        _("accepted matches needed"), default=1, validators=[MinValueValidator(1)]
    )
    minimum_value = models.DecimalField(
        _("or their value a month, CNY"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Reached, a meeting is proposed with fewer matches, too."),
    )
    lead_days = models.PositiveSmallIntegerField(_("days of notice"), default=14)
    venue = models.ForeignKey(Venue, models.PROTECT, verbose_name=_("venue"))
    other_venues = models.ManyToManyField(
        Venue, related_name="+", blank=True, verbose_name=_("other venues to look at")
    )
    slots_a_day = models.PositiveSmallIntegerField(
        _("slots a day"), default=12, validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    most_tables = models.PositiveSmallIntegerField(
        _("tables at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: all of the venue."),
    )
    needs_head = models.BooleanField(
        _("the chain head approves as well"),
        default=False,
        help_text=_("After the department."),
    )
    head_value = models.DecimalField(
        _("only from this value a month on, CNY"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: every meeting."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    permits = RULE
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("meeting rule")
        verbose_name_plural = _("meeting rules")
        ordering = ("chain_id", "event")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "event"], name="matching_one_rule_an_event")
        ]

    def __str__(self) -> str:
        return f"{self.chain}: {self.get_event_display()}"
