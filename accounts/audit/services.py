"""Verbs of the audit: sealing, and the removal of what is older than it must be kept."""

from __future__ import annotations

from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.db import connection, transaction

from accounts.audit.models import AuditCut, AuditEntry, AuditProgress, AuditReading, AuditSeal
from accounts.audit.queries import position_before

BATCH = 5_000
_SIGNER = Signer(salt="accounts.audit.cut")


def seal(*, batch: int = BATCH) -> int:
    """Give entries of ended transactions their place in the chain; returns how many.

    Side effects: rows of the chain, written by the database's own function. Two at once wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_audit_seal(%s)", [batch])
        return int(cursor.fetchone()[0])


@transaction.atomic
def cut(*, before: datetime) -> AuditCut | None:
    """Remove sealed entries older than that from the beginning of the chain; needs the owner's role.

    Side effects: a signed record of where the chain begins now, so that the rest still verifies. Returns
    None where nothing is old enough.
    """
    AuditProgress.objects.select_for_update().filter(pk=1).first()
    position = position_before(before)
    last = AuditSeal.objects.filter(position=position).first()
    if last is None:
        return None
    old = AuditSeal.objects.filter(position__lte=position)
    removed = AuditEntry.objects.filter(pk__in=old.values("entry_id"))._raw_delete(using="default")
    old._raw_delete(using="default")
    made = AuditCut(position=position, hash=last.hash, entries=removed, before=before)
    made.signature = _SIGNER.signature(_signed(made))
    made.save()
    return made


def is_ours(cut: AuditCut) -> bool:
    """Whether a cut was made by whoever has this installation's key, and not changed since."""
    try:
        _SIGNER.unsign(f"{_signed(cut)}{_SIGNER.sep}{cut.signature}")
    except BadSignature:
        return False
    return True


def _signed(cut: AuditCut) -> str:
    return f"{cut.position}:{bytes(cut.hash).hex()}:{cut.entries}:{int(cut.before.timestamp())}"


def note_reading(*, reader: int, door: str, asked: dict[str, str]) -> None:
    """Remember that somebody looked at the audit, and what for. Side effects: one row, itself audited."""
    AuditReading.objects.create(reader=reader, door=door, asked=asked)
