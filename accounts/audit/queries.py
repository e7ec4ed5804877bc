"""Reads of the audit."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from accounts.audit.models import AuditCut, AuditEntry, AuditQuerySet, AuditSeal


def sealed_after(position: int) -> AuditQuerySet:
    """Entries after a place of the chain in its order, each with its ``seal``.

    The order is that of commits as far as readers can tell: whoever has read up to a position finds
    everything else after it. Entries come a few seconds after they were written.
    """
    found = AuditEntry.objects.filter(seal__position__gt=position)
    return found.select_related("seal").order_by("seal__position")


def first_position() -> int:
    """The oldest place of the chain that is still kept; what asks for earlier ones has missed something."""
    return (AuditCut.objects.aggregate(last=Max("position"))["last"] or 0) + 1


def head() -> AuditSeal | None:
    """The newest place of the chain."""
    return AuditSeal.objects.order_by("position").last()


def position_before(moment: datetime) -> int:
    """The last place up to which every sealed entry is older than that; 0 where none is."""
    younger = AuditSeal.objects.filter(entry__at__gte=moment).order_by("position").first()
    newest = head()
    if younger is not None:
        return younger.position - 1
    return newest.position if newest else 0
