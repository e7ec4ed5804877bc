"""Who saw what of a firm's."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act
from matching.disclosure.permits import DISCLOSURE

KEPT = timedelta(days=180)
"""Nobody, not even a sweep, removes an entry that is younger."""


class Part(models.TextChoices):
    """What of a firm's was on the screen or in the answer."""

    LINE = "line", _("Line with the firm's name")
    SECRETS = "secrets", _("Prices and free capacity")
    CONTACTS = "contacts", _("Contact person")
    FILE = "file", _("Attached file")


class Side(models.TextChoices):
    """Which of a firm's lists it stands in."""

    DEMAND = "demand", _("Demand list")
    SUPPLY = "supply", _("Supply list")
    PEOPLE = "people", _("Our people")


class Via(models.TextChoices):
    """The door it went through."""

    PAGE = "page", _("Page")
    DOWNLOAD = "download", _("Download")
    API = "api", _("API")
    ADMIN = "admin", _("Administration")


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Entries that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> DisclosureQuerySet:
        """Those about one's own firms."""
        return self.filter(DISCLOSURE.within(user, Act.VIEW, firm=("organisation_id",)))


class Disclosure(models.Model):
    """A person outside a firm saw something of the firm's; the same again within an hour is one entry.

    Without ``object_id`` it sums up a long answer: ``lines`` lines of that list at once. Reader and reader's
    organisation are kept by id, so that the entry outlives both.
    """

    at = models.DateTimeField(_("seen at"))
    hour = models.DateTimeField(editable=False)
    # One that has asked to join has an id, and becomes a firm under it when it is verified.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("firm")
    )
    reader = models.ForeignKey(
        User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name=_("person")
    )
    reader_organisation = models.ForeignKey(
        Organisation,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("organisation"),
    )
    side = models.CharField(_("list"), max_length=6, choices=Side.choices)
    object_id = models.UUIDField(null=True)
    key = models.CharField(_("line number"), max_length=40, blank=True, default="")
    title = models.CharField(_("product"), max_length=200, blank=True, default="")
    lines = models.PositiveIntegerField(_("lines"), default=1)
    parts = ArrayField(models.CharField(max_length=10, choices=Part.choices), verbose_name=_("what"))
    via = models.CharField(_("through"), max_length=10, choices=Via.choices)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to our data")
        verbose_name_plural = _("access to our data")
        ordering = ("-at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "organisation",
                    "hour",
                    "reader",
                    "side",
                    "object_id",
                    "key",
                    "lines",
                    "parts",
                    "via",
                ],
                name="matching_seen_once_an_hour",
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-at"], name="matching_seen_newest")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="seen_never_changes", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="seen_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(f"OLD.at > now() - interval '{KEPT.days} days'"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.side} {self.key}"
