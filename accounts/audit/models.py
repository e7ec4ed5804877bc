"""Entries of the audit and their chain. Nothing here is ever changed; the database sees to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.permits import Act
from accounts.permits.rows import AUDIT

if TYPE_CHECKING:
    from accounts.models import User


class Action(models.TextChoices):
    """What was done to a row."""

    INSERT = "insert", _("added")
    UPDATE = "update", pgettext_lazy("audit", "changed")
    DELETE = "delete", _("removed")


class Via(models.TextChoices):
    """How somebody acted."""

    SESSION = "session", _("portal")
    TOKEN = "token", _("token")
    OAUTH = "oauth", _("application")
    TASK = "task", _("task")
    COMMAND = "command", _("command")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Entries that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> AuditQuerySet:
        """Auditors see all, everybody else nothing."""
        return self.filter(AUDIT.within(user, Act.VIEW))


class AuditEntry(models.Model):
    """One row that was written: by whom, how, in which request, before and after.

    Written by triggers alone. ``actor`` is the id of an account and outlives it; none: the system itself.
    ``before`` and ``after`` hold the changed columns of an update; secrets and personal data read ``***``.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    transaction = models.BigIntegerField()
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    actor = models.BigIntegerField(_("person"), null=True)
    via = models.CharField(_("by way of"), max_length=10, choices=Via.choices, blank=True)
    credential = models.CharField(_("credential"), max_length=100, blank=True)
    action = models.CharField(_("action"), max_length=6, choices=Action.choices)
    table = models.CharField(_("table"), max_length=63)
    object_id = models.TextField(_("object"))
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["table", "object_id"], name="accounts_audit_object"),
            models.Index(fields=["actor", "id"], name="accounts_audit_actor"),
            models.Index(
                fields=["request_id"], condition=~models.Q(request_id=""), name="accounts_audit_request"
            ),
            BrinIndex(fields=["at"], name="accounts_audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.object_id} {self.get_action_display()}"


class AuditSeal(models.Model):
    """An entry's place in the order of commits, and the hash of everything up to it.

    Positions have no gaps, and an entry that gets one has nothing before it that is still on its way: who has
    read up to a position has missed nothing.
    """

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(
        AuditEntry, models.DO_NOTHING, db_constraint=False, related_name="seal", editable=False
    )
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.position}:{self.head}"

    @property
    def head(self) -> str:
        """The hash as people copy it."""
        return bytes(self.hash).hex()


class AuditProgress(models.Model):
    """How far sealing has come: every entry up to ``floor`` is sealed.

    ``mark`` becomes the floor once all transactions older than ``mark_transaction`` have ended: none of them
    can bring an entry with a smaller id then.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    floor = models.BigIntegerField(default=0)
    mark = models.BigIntegerField(default=0)
    mark_transaction = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.floor)


class AuditCut(models.Model):
    """Old entries were removed up to ``position``; the chain goes on from ``hash``."""

    position = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField(max_length=32)
    entries = models.BigIntegerField(_("entries"))
    before = models.DateTimeField(_("older than"))
    at = models.DateTimeField(_("time"), auto_now_add=True)
    signature = models.CharField(max_length=200)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"… {self.position}"


class ReadingQuerySet(models.QuerySet["AuditReading"]):
    """Readings that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> ReadingQuerySet:
        """Auditors see who else has read."""
        return self.filter(AUDIT.within(user, Act.VIEW))


class AuditReading(models.Model):
    """An auditor looked at the audit: what was asked for. Itself audited, so that readers stay on record."""

    at = models.DateTimeField(_("time"), auto_now_add=True)
    reader = models.BigIntegerField(_("person"))
    door = models.CharField(max_length=8)
    asked = models.JSONField(_("search"), default=dict)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at the audit")
        verbose_name_plural = _("looks at the audit")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.reader} {self.at:%Y-%m-%d %H:%M}"
