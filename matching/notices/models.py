"""The outbox and what people are told."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act
from matching.notices.permits import NOTICE, PREFERENCE
from matching.record import Record


class Topic(models.TextChoices):
    """What a notice is about; people choose by topic how they are told."""

    LISTS = "lists", _("Entries of my list")
    MATCHES = "matches", _("Matches and answers")
    PUBLISHED = "published", _("Published lists")
    MEETINGS = "meetings", _("Signing meetings")
    AGREEMENTS = "agreements", _("Agreements and deliveries")
    ROUNDS = "rounds", _("Rounds and deadlines")
    RULES = "rules", _("Rules of matching")
    GENERAL = "general", _("Everything else")


class Mail(models.TextChoices):
    """When a notice goes out by e-mail."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    NEVER = "never", _("never")


class OutboxMessage(models.Model):
    """Work that must happen after a commit: a task name and ids, never data.

    ``actor`` and ``request_id`` say whose doing it is; the audit goes on with them.
    """

    task = models.CharField(max_length=80)
    arguments = models.JSONField(default=list)
    actor = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=models.Q(sent_at__isnull=True), name="matching_outbox_unsent"
            )
        ]

    def __str__(self) -> str:
        return self.task


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> NoticeQuerySet:
        """One's own that are shown in the portal."""
        return self.filter(NOTICE.within(user, Act.VIEW, person="user"), portal=True)


class Notice(Record):
    """A message to one person, in both languages; ``key`` makes it unique, so it comes once.

    ``portal`` and ``mail`` are how the person wanted to be told when it was written. ``enclosed`` says what a
    letter carries beside the words (``settings.NOTICE_ENCLOSERS``): a room's word and ids, never data.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    link = models.CharField(max_length=200, blank=True, default="")
    enclosed = models.CharField(max_length=120, blank=True, default="")
    topic = models.CharField(max_length=10, choices=Topic.choices, default=Topic.GENERAL)
    portal = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.AT_ONCE)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-created_at",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="matching_notice_once")]
        indexes: ClassVar = [
            models.Index("user", models.F("created_at").desc(), name="matching_notice_newest"),
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="matching_notice_unread"
            ),
            models.Index(
                fields=["mail", "created_at"],
                condition=models.Q(mailed_at__isnull=True),
                name="matching_notice_unmailed",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The words in the reader's language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh


class PreferenceQuerySet(models.QuerySet["NoticePreference"]):
    """Settings that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> PreferenceQuerySet:
        """One's own."""
        return self.filter(PREFERENCE.within(user, Act.VIEW, person="user"))


class NoticePreference(models.Model):
    """How a person wants to be told of a topic; without a row: in the portal, and by e-mail at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences")
    topic = models.CharField(_("topic"), max_length=10, choices=Topic.choices)
    portal = models.BooleanField(_("in the portal"), default=True)
    mail = models.CharField(_("by e-mail"), max_length=8, choices=Mail.choices, default=Mail.AT_ONCE)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice setting")
        verbose_name_plural = _("notice settings")
        ordering = ("user", "topic")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "topic"], name="matching_notice_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic}"
