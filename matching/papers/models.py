"""Packs of papers that workers make, and offices' templates of letters."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.chains.models import Chain
from matching.meetings.models import SigningMeeting
from matching.papers.permits import LETTER, PACK
from matching.papers.states import RUNNING, PackState
from matching.record import Record
from matching.visibility import ChainRows


class Language(models.TextChoices):
    """Languages that papers are written in."""

    CHINESE = "zh-hans", _("Simplified Chinese")
    ENGLISH = "en", _("English")


class PackRows(ChainRows["PaperPack"]):
    """By the chain of the meeting."""

    chain_path = "meeting__chain_id"


class PaperPack(Record):
    """All papers of one meeting in one archive. A worker holds it under a lease; ``token`` grows with each.

    ``papers`` names what the archive holds, ``stamps`` what each appointment was when it was made: what has
    another stamp now has changed since.
    """

    meeting = models.OneToOneField(
        SigningMeeting, models.CASCADE, related_name="papers", verbose_name=_("signing meeting")
    )
    state = models.CharField(_("state"), max_length=10, choices=PackState.choices, default=PackState.ORDERED)
    issuer = models.CharField(_("issued by"), max_length=60)
    number = models.CharField(_("reference number"), max_length=60, blank=True, default="")
    addressee = models.CharField(_("addressed to"), max_length=200, blank=True, default="")
    language = models.CharField(
        _("language"), max_length=8, choices=Language.choices, default=Language.CHINESE
    )
    dated = models.DateField(_("dated"))
    ordered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ordered_with = models.CharField(max_length=100, blank=True, default="", editable=False)

    file = models.FileField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    papers = models.JSONField(default=list)
    stamps = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("made at"), null=True)
    error = models.JSONField(default=dict)

    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    permits = PACK
    objects = PackRows.as_manager()

    class Meta:
        verbose_name = _("papers of a meeting")
        verbose_name_plural = _("papers of meetings")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return str(self.meeting)

    @property
    def running(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in RUNNING

    @property
    def percent(self) -> int:
        """How much of it is made."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def held(self) -> list[dict[str, Any]]:
        """Papers that can be fetched now."""
        return list(self.papers) if self.state == PackState.READY and self.file else []


class LetterTemplate(Record):
    """An office's own letter of intent for a chain; without one the built-in letter is taken."""

    chain = models.OneToOneField(
        Chain, models.CASCADE, related_name="letter_template", verbose_name=_("chain")
    )
    file = models.FileField(_("file"), max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    permits = LETTER
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("template of letters of intent")
        verbose_name_plural = _("templates of letters of intent")
        ordering = ("chain_id",)

    def __str__(self) -> str:
        return self.name
