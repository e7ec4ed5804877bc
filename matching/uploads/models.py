"""Files of lists that firms hand in, and what each of their rows is against the list."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act
from accounts.sealing.fields import SealedJSONField
from matching.lists.models import DemandLine, SupplyLine
from matching.record import Record
from matching.sheets.columns import Side as SheetSide
from matching.sheets.types import Problem
from matching.uploads.permits import UPLOAD
from matching.uploads.states import RUNNING, Outcome, Sort, UploadState
from matching.visibility import RowsOfParent


class Side(models.TextChoices):
    """Which of the two lists."""

    DEMAND = "demand", _("Demand list")
    SUPPLY = "supply", _("Supply list")


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> UploadQuerySet:
        """Those of the firms that the person acts for; offices see what was applied, in the lists."""
        return self.filter(UPLOAD.within(user, Act.VIEW, firm=("organisation_id",)))


class Upload(Record):
    """One file of a firm's list. A worker holds it under a lease; ``token`` grows with each worker."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("firm"))
    side = models.CharField(_("list"), max_length=10, choices=Side.choices)
    kind = models.CharField(_("kind"), max_length=20, default="product")
    file = models.FileField(_("file"), max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=12, choices=UploadState.choices, default=UploadState.RECEIVED
    )
    counts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    problems = SealedJSONField(default=list)
    notices = SealedJSONField(default=list)
    error = models.JSONField(default=dict)

    all_or_nothing = models.BooleanField(default=False)
    withdraw = models.BooleanField(default=False)
    submit = models.BooleanField(default=False)
    applied_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    ordered_with = models.CharField(max_length=100, blank=True, default="", editable=False)

    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "side"],
                condition=models.Q(state__in=RUNNING),
                name="matching_one_running_upload",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="matching_upload_firm")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def model(self) -> type[Any]:
        """The lines that the file speaks of."""
        return DemandLine if self.side == Side.DEMAND else SupplyLine

    @property
    def sheet_side(self) -> SheetSide:
        """The side as columns name it."""
        return "need" if self.side == Side.DEMAND else "offer"

    @property
    def running(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in RUNNING

    @property
    def percent(self) -> int:
        """How much of the present step is done."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class RowQuerySet(RowsOfParent["UploadRow"]):
    """Rows are seen with their upload."""

    parents = ("upload",)


PLACE = ("upload_id", "position")
"""What a row's sealed columns are bound to."""


class UploadRow(models.Model):
    """A row of the file, or a line of the list that the file does not have (``Sort.ABSENT``).

    ``stamp`` is what the line was when both were compared. ``values`` and ``rows`` are kept where they are
    to be written.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100, blank=True, default="")
    number = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    sort = models.CharField(max_length=10, choices=Sort.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    line = models.UUIDField(null=True)
    stamp = models.CharField(max_length=70, blank=True, default="")
    values = SealedJSONField(default=dict, bound_to=PLACE)
    children = SealedJSONField(default=dict, bound_to=PLACE)
    changes = SealedJSONField(default=list, bound_to=PLACE)
    problems = SealedJSONField(default=list, bound_to=PLACE)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an upload")
        verbose_name_plural = _("rows of an upload")
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upload", "position"], name="matching_upload_row_once")
        ]
        indexes: ClassVar = [models.Index(fields=["upload", "sort", "position"], name="matching_upload_sort")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"


def stored_problems(problems: Any) -> Any:
    """Problems as JSON."""
    return msgspec.to_builtins(list(problems))


def problems_in(stored: Any) -> list[Problem]:
    """Problems that were stored."""
    return msgspec.convert(stored, list[Problem])
