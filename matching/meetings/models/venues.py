"""Venues and their tables."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act
from accounts.validators import validate_region_code
from matching.meetings.permits import VENUE
from matching.record import Record
from matching.visibility import RowsOfParent


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
