"""Leases on packs: at-least-once delivery, exactly-once effect.

A worker holds a pack until its lease runs out; the next one gets a higher token. The archive is stored under
a name of its own, and only who still holds the lease makes it the pack's.
"""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from matching.keeping import kept
from matching.kinds import Label
from matching.notices.services import enqueue
from matching.papers.models import PaperPack
from matching.papers.states import PACK, RUNNING, PackAction, PackState

WORK = "papers.make"
MOST_LEASES = 5
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 1.0
GAVE_UP = Label(
    "制作多次中断。请稍后重试，或联系管理员。",
    "Making the papers was cut off several times. Try again later.",
)


class LeaseLost(Exception):
    """Another worker has taken over."""


@dataclass(slots=True)
class Lease:
    """The right to store a pack, and how far its holder is."""

    pack: PaperPack
    token: int
    done: int = 0
    total: int = 0


def queue(pack: PaperPack) -> None:
    """Ask for a worker. Side effects: one outbox message; the caller saves the pack."""
    pack.queued_at = timezone.now()
    pack.attempts, pack.leased_until, pack.done, pack.total, pack.error = 0, None, 0, 0, {}
    enqueue(task=WORK, arguments=[pack.pk])


@transaction.atomic
def lease(*, pack_id: uuid.UUID) -> Lease | None:
    """Take a pack that is free or whose lease ran out; None where there is nothing to do.

    Side effects: one that ``MOST_LEASES`` workers have lost fails, so that nobody waits for ever.
    """
    locked = PaperPack.objects.select_for_update(of=("self",))
    pack = locked.select_related("meeting__chain", "meeting__venue", "ordered_by")
    found = pack.filter(pk=pack_id, state__in=RUNNING).first()
    now = timezone.now()
    if found is None or (found.leased_until is not None and found.leased_until > now):
        return None
    if found.attempts >= MOST_LEASES:
        fail(found, GAVE_UP)
        return None
    if found.state == PackState.ORDERED:
        found.state = PACK.target(found.state, PackAction.MAKE)
    found.token += 1
    found.attempts += 1
    found.leased_until = _until(now)
    found.save()
    return Lease(pack=found, token=found.token)


def renewed(held: Lease) -> AbstractContextManager[None]:
    """Keep the lease alive and the progress bar moving while its holder works."""
    return kept(partial(renew, held), min(PAUSE_SECONDS, settings.LEASE_SECONDS / 3))


def renew(held: Lease) -> bool:
    """Put off the end of a lease and tell how far its holder is; False where it is lost."""
    mine = PaperPack.objects.filter(pk=held.pack.pk, token=held.token, state=PackState.MAKING)
    return bool(mine.update(leased_until=_until(timezone.now()), done=held.done, total=held.total))


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def current(held: Lease) -> PaperPack:
    """The pack, locked until the transaction ends. Raises ``LeaseLost``."""
    mine = PaperPack.objects.select_for_update(of=("self",))
    pack = mine.filter(pk=held.pack.pk, token=held.token, state=PackState.MAKING).first()
    if pack is None:
        raise LeaseLost
    return pack


def finish(pack: PaperPack, action: PackAction) -> None:
    """Bring a pack to rest; the caller holds its lock."""
    pack.state = PACK.target(pack.state, action)
    pack.leased_until = None
    pack.save()


def fail(pack: PaperPack, error: Label) -> None:
    """The pack could not be made; the caller holds its lock."""
    pack.error = {"zh": error.zh, "en": error.en}
    finish(pack, PackAction.FAIL)


def lost_packs() -> list[uuid.UUID]:
    """Packs that nobody works on: their message or their worker was lost.

    Side effects: they count as queued now, so that they are not queued again at each sweep.
    """
    now = timezone.now()
    forgotten = Q(queued_at__lt=now - timedelta(seconds=PATIENCE_SECONDS))
    free = Q(leased_until=None) & forgotten
    ran_out = Q(leased_until__lt=now) & (forgotten | Q(queued_at__lt=F("leased_until")))
    with transaction.atomic():
        lost = PaperPack.objects.select_for_update(skip_locked=True).filter(free | ran_out, state__in=RUNNING)
        found = list(lost.values_list("pk", flat=True)[:100])
        PaperPack.objects.filter(pk__in=found).update(queued_at=now)
    return found
