"""The outbox and what people are told."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.record import Record


class OutboxMessage(models.Model):
    """Work that must happen after a commit: a task name and ids, never data."""

    task = models.CharField(max_length=80)
    arguments = models.JSONField(default=list)
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
        """One's own."""
        return self.filter(user=user) if isinstance(user, User) else self.none()


class Notice(Record):
    """A message to one person, in both languages; ``key`` makes it unique, so it comes once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    link = models.CharField(max_length=200, blank=True, default="")
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-created_at",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="matching_notice_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The words in the reader's language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh
