"""The rules by which meetings are proposed."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.chains.models import Chain
from matching.meetings.models.venues import Venue
from matching.meetings.permits import RULE
from matching.record import Record
from matching.visibility import ChainRows


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
