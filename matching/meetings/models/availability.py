"""When firms and their people can't come, and who comes for them."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act
from matching.meetings.permits import AVAILABILITY
from matching.record import Record

HOME_LANGUAGE = "zh"
LANGUAGE = RegexValidator(r"^[a-z]{2,3}$")


def home_languages() -> list[str]:
    """What a firm speaks that says nothing."""
    return [HOME_LANGUAGE]


R = TypeVar("R", bound=models.Model)


class OwnRows(models.QuerySet[R]):
    """Rows of a firm, for that firm."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the own firm; offices see their effect in the plans they make."""
        return self.filter(AVAILABILITY.within(user, Act.VIEW, firm=("organisation_id",)))


class Absence(Record):
    """A time in which a firm, or one of its people, can't come to meetings.

    ``meeting`` is set where an office noted it for one meeting.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="absences")
    person = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    during = DateTimeRangeField(_("time"))
    meeting = models.ForeignKey(
        "matching.SigningMeeting", models.CASCADE, null=True, related_name="absences", editable=False
    )

    permits = AVAILABILITY
    objects = OwnRows.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("during", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(during__isempty=False, during__startswith__isnull=False)
                & models.Q(during__endswith__isnull=False),
                name="matching_absence_has_an_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.during}"


class Presence(Record):
    """Who comes to meetings for a firm, and which languages they speak; without one: anybody, Chinese."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="presence")
    person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who comes")
    )
    languages = ArrayField(
        models.CharField(max_length=3, validators=[LANGUAGE]),
        verbose_name=_("languages"),
        default=home_languages,
        size=8,
        help_text=_("Codes like zh, en, ja. Where two firms have none in common, an interpreter is planned."),
    )

    permits = AVAILABILITY
    objects = OwnRows.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ("organisation_id",)

    def __str__(self) -> str:
        return str(self.organisation)
