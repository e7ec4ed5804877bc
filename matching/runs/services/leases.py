"""Leases on shards: who may store a shard's result, until when, and what becomes of lost ones.

A run's state is only in PostgreSQL. A shard is computed under a lease with a fencing token and its
result stored in one transaction, so that killed, doubled or late workers change nothing.
Locks are taken in one order: the chain, the run, then its shard.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.engine import pipeline
from matching.keeping import kept
from matching.runs.models import MatchingRun, Shard
from matching.runs.states import LIVE, RUN, RunAction, RunState, ShardState

PATIENCE_SECONDS = 30
MOST_LEASES = 10


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to store one shard's result until somebody else gets a higher token."""

    shard: Shard
    token: int


@transaction.atomic
def lease(*, shard_id: int) -> Lease | None:
    """Take a shard that is free or whose lease ran out; None where there is nothing to do.

    Side effects: a shard that ``MOST_LEASES`` workers have lost fails its run, so that nobody waits for
    ever, and so does a run of an older release. A run of a newer release is left to its own workers.
    """
    run = MatchingRun.objects.select_for_update().filter(shards__pk=shard_id).first()
    if run is None or run.state not in LIVE or run.engine > pipeline.VERSION:
        return None
    if run.engine < pipeline.VERSION:
        fail(run, _("This run was begun by an older release; start a new one."))
        return None
    shard = Shard.objects.select_for_update().get(pk=shard_id)
    now = timezone.now()
    held = shard.leased_until is not None and shard.leased_until > now
    if shard.state == ShardState.DONE or (shard.state == ShardState.LEASED and held):
        return None
    if shard.token >= MOST_LEASES:
        gave_up = _("One part of this run was begun %(count)d times and never finished.")
        fail(run, gave_up % {"count": shard.token})
        return None
    if run.state == RunState.WAITING:
        run.state = RUN.target(run.state, RunAction.START)
        run.started_at = now
        run.save(update_fields=["state", "started_at"])
    shard.state = ShardState.LEASED
    shard.token += 1
    shard.leased_until = _until(now)
    shard.save(update_fields=["state", "token", "leased_until"])
    return Lease(shard=shard, token=shard.token)


def renewed(held: Lease) -> AbstractContextManager[None]:
    """Keep a lease alive while its holder works, for an hour at most."""
    return kept(partial(renew, held), max(0.2, settings.LEASE_SECONDS / 3))


def renew(held: Lease) -> bool:
    """Put off the end of a lease; False where the shard is no longer the holder's."""
    mine = Shard.objects.filter(pk=held.shard.pk, token=held.token, state=ShardState.LEASED)
    return bool(mine.update(leased_until=_until(timezone.now())))


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def complete(held: Lease, run: MatchingRun, result: bytes = b"") -> bool:
    """Store a shard's result if the token is still current; the caller holds the run's lock."""
    if run.state != RunState.RUNNING:
        return False
    stored = Shard.objects.filter(pk=held.shard.pk, token=held.token, state=ShardState.LEASED).update(
        state=ShardState.DONE, result=result, leased_until=None
    )
    MatchingRun.objects.filter(pk=run.pk).update(shards_done=F("shards_done") + stored)
    return bool(stored)


@transaction.atomic
def fail_shard(*, held: Lease, error: str) -> bool:
    """End a run whose shard can't be computed; a worker that lost its lease changes nothing.

    Returns whether the token was still current.
    """
    run = MatchingRun.objects.select_for_update().get(pk=held.shard.run_id)
    current = Shard.objects.filter(pk=held.shard.pk, token=held.token, state=ShardState.LEASED)
    if run.state not in LIVE or not current.exists():
        return False
    fail(run, error)
    return True


def fail(run: MatchingRun, error: str) -> None:
    """The run has failed; the caller holds its lock."""
    run.state = RUN.target(run.state, RunAction.FAIL)
    run.error = error
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "error", "finished_at"])


def lost_shards() -> list[int]:
    """Shards of live runs that nobody works on: their message or their worker was lost.

    Side effects: they count as queued now, so that a long queue is not queued again at each sweep. A
    lease that ran out stays the worker's, who may only be slow, until another takes the shard.
    """
    now = timezone.now()
    forgotten = Q(queued_at__lt=now - timedelta(seconds=PATIENCE_SECONDS))
    ran_out = Q(state=ShardState.LEASED, leased_until__lt=now)
    free = (Q(state=ShardState.WAITING) & forgotten) | (
        ran_out & (forgotten | Q(queued_at__lt=F("leased_until")))
    )
    with transaction.atomic():
        lost = Shard.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            free, run__state__in=LIVE
        )
        found = list(lost.order_by("pk").values_list("pk", flat=True)[:500])
        Shard.objects.filter(pk__in=found).update(queued_at=now)
    return found
