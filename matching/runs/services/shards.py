"""Verbs on shards: prepare a run's input, index it, match a range of needs, finish.

Each stage queues the next one in the transaction that stores its own result.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from matching.engine import pipeline
from matching.engine.types import NeedResult
from matching.errors import Conflict
from matching.notices.services import enqueue
from matching.runs import access
from matching.runs.models import FrozenLine, MatchingRun, Shard, Side
from matching.runs.queries import policy_of
from matching.runs.queries.frozen import needs_in
from matching.runs.services import artefacts
from matching.runs.services.finishing import allocate, finish_run, sealed_result
from matching.runs.services.freezing import freeze
from matching.runs.services.leases import Lease, complete, fail, fail_shard, lease, renewed
from matching.runs.states import ShardStage, ShardState

RUN_SHARD = "runs.run_shard"
MOST_SHARDS = 40
"""More pieces than this only cost time: larger runs have larger shards."""


def queue(run: MatchingRun, stage: ShardStage, ranges: list[tuple[int, int]]) -> None:
    """Create the shards of a stage. Side effects: one outbox message a shard."""
    shards = Shard.objects.bulk_create(
        Shard(run=run, stage=stage, number=number, first=first, last=last)
        for number, (first, last) in enumerate(ranges)
    )
    for shard in shards:
        enqueue(task=RUN_SHARD, arguments=[shard.pk])


def run_shard(*, shard_id: int) -> None:
    """Compute one shard and store its result, unless somebody else has.

    Side effects: those of the shard's stage. A fault of the computation fails the run with its message. A
    database that is away does not: the lease runs out and the shard is given out again. A run whose orderer's
    account, role or token has ended fails.
    """
    held = lease(shard_id=shard_id)
    if held is None:
        return
    run = MatchingRun.objects.select_related("policy", "round", "created_by").get(pk=held.shard.run_id)
    if not access.still_ordered(run):
        fail_shard(held=held, error=_("The account, role or token that ordered this run has ended."))
        return
    try:
        with renewed(held), _uncollected():
            _work(held, run)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        fail_shard(held=held, error=f"{type(error).__name__}: {error}")
        raise


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: it would walk over hundreds of thousands of values, again and again,
    of which none is in a cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _work(held: Lease, run: MatchingRun) -> None:
    match ShardStage(held.shard.stage):
        case ShardStage.PREPARE:
            prepare_run(held=held)
        case ShardStage.INDEX:
            artefacts.store_index(run)
            index_ready(held=held)
        case ShardStage.MATCH:
            store_matches(held=held, results=_match(run, held.shard))
        case ShardStage.ALLOCATE:
            finish_run(held=held, outcome=allocate(run))


@transaction.atomic
def prepare_run(*, held: Lease) -> bool:
    """Freeze the run's input and queue its index.

    Side effects: a run without open demand fails. Returns whether the token was still current.
    """
    run = _locked(held)
    if not complete(held, run):
        return False
    run.refresh_from_db(fields=["shards_done"])
    try:
        with transaction.atomic():
            freeze(run)
    except Conflict as nothing:
        fail(run, nothing.message)
        return True
    MatchingRun.objects.filter(pk=run.pk).update(shards_total=3 + len(_ranges(run.demands)))
    queue(run, ShardStage.INDEX, [(0, run.supplies)])
    return True


def _ranges(demands: int) -> list[tuple[int, int]]:
    size = max(settings.SHARD_SIZE, ceil(demands / MOST_SHARDS))
    return [(first, min(first + size, demands)) for first in range(0, demands, size)]


@transaction.atomic
def index_ready(*, held: Lease) -> bool:
    """The index is stored: cut the needs into shards and queue them.

    Returns whether the token was still current.
    """
    run = _locked(held)
    if not complete(held, run):
        return False
    queue(run, ShardStage.MATCH, _ranges(run.demands))
    return True


def _match(run: MatchingRun, shard: Shard) -> tuple[NeedResult, ...]:
    lines = FrozenLine.objects.filter(
        run=run, side=Side.NEED, position__gte=shard.first, position__lt=shard.last
    )
    needs = needs_in(lines.order_by("position"))
    index = artefacts.index_of(run)
    glossary = artefacts.glossary_of(run)
    return pipeline.match_shard(needs, (), policy_of(run), glossary, run.as_of, index)


@transaction.atomic
def store_matches(*, held: Lease, results: tuple[NeedResult, ...]) -> bool:
    """Keep a shard's result if the token is still current; the last one queues the allocation.

    Returns whether it was stored.
    """
    run = _locked(held)
    if not complete(held, run, sealed_result(held.shard, results)):
        return False
    unfinished = Shard.objects.filter(run=run, stage=ShardStage.MATCH).exclude(state=ShardState.DONE)
    if not unfinished.exists():
        queue(run, ShardStage.ALLOCATE, [(0, run.demands)])
    return True


def _locked(held: Lease) -> MatchingRun:
    runs = MatchingRun.objects.select_for_update(of=("self",)).select_related("policy", "round")
    return runs.get(pk=held.shard.run_id)
