"""Verbs on shards: lease, compute, store, finish.

A run's state is only in PostgreSQL. A shard is computed under a lease with a fencing token and its
result stored in one transaction, so that killed, doubled or late workers change nothing.
Locks are taken in one order: the chain, the run, then its shard.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.engine import explain, pipeline, wire
from matching.engine.conditions import as_text
from matching.engine.types import (
    Allocation,
    AllocationPlan,
    Candidate,
    Glossary,
    Need,
    NeedResult,
    Offer,
    Policy,
)
from matching.engine.types import Gap as FoundGap
from matching.notices.services import enqueue
from matching.runs.models import (
    FrozenLine,
    Gap,
    Match,
    MatchingRun,
    NearMiss,
    Shard,
    Side,
)
from matching.runs.queries import policy_of
from matching.runs.services.decided import agreed_firms, excluded_pairs, hold_chain
from matching.runs.services.runs import BATCH, RUN_SHARD
from matching.runs.states import LIVE, RUN, RunAction, RunState, ShardStage, ShardState

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
    ever.
    """
    run = MatchingRun.objects.select_for_update().filter(shards__pk=shard_id).first()
    if run is None or run.state not in LIVE:
        return None
    shard = Shard.objects.select_for_update().get(pk=shard_id)
    now = timezone.now()
    held = shard.leased_until is not None and shard.leased_until > now
    if shard.state == ShardState.DONE or (shard.state == ShardState.LEASED and held):
        return None
    if shard.token >= MOST_LEASES:
        gave_up = _("One part of this run was begun %(count)d times and never finished.")
        _fail(run, gave_up % {"count": shard.token})
        return None
    if run.state == RunState.WAITING:
        run.state = RUN.target(run.state, RunAction.START)
        run.started_at = now
        run.save(update_fields=["state", "started_at"])
    shard.state = ShardState.LEASED
    shard.token += 1
    shard.leased_until = now + timedelta(seconds=settings.LEASE_SECONDS)
    shard.save(update_fields=["state", "token", "leased_until"])
    return Lease(shard=shard, token=shard.token)


def run_shard(*, shard_id: int) -> None:
    """Compute one shard and store its result, unless somebody else has.

    Side effects: as ``store_matches`` or ``finish_run``. A fault of the computation fails the run with
    its message. A database that is away does not: the lease runs out and the shard is given out again.
    """
    held = lease(shard_id=shard_id)
    if held is None:
        return
    run = MatchingRun.objects.select_related("policy", "round").get(pk=held.shard.run_id)
    try:
        if held.shard.stage == ShardStage.MATCH:
            results = _match(run, held.shard)
            store_matches(held=held, results=results)
        else:
            outcome = _allocate(run)
            finish_run(held=held, outcome=outcome)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        fail_shard(held=held, error=f"{type(error).__name__}: {error}")
        raise


@transaction.atomic
def fail_shard(*, held: Lease, error: str) -> bool:
    """End a run whose shard can't be computed; a worker that lost its lease changes nothing.

    Returns whether the token was still current.
    """
    run = MatchingRun.objects.select_for_update().get(pk=held.shard.run_id)
    current = Shard.objects.filter(pk=held.shard.pk, token=held.token, state=ShardState.LEASED)
    if run.state not in LIVE or not current.exists():
        return False
    _fail(run, error)
    return True


def _fail(run: MatchingRun, error: str) -> None:
    run.state = RUN.target(run.state, RunAction.FAIL)
    run.error = error
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "error", "finished_at"])


def _load(
    run: MatchingRun, side: Side, value: type[Any], first: int = 0, last: int | None = None
) -> tuple[Any, ...]:
    lines = FrozenLine.objects.filter(run=run, side=side, position__gte=first).order_by("position")
    if last is not None:
        lines = lines.filter(position__lt=last)
    return tuple(wire.decode(payload.encode(), value) for payload in lines.values_list("payload", flat=True))


def _match(run: MatchingRun, shard: Shard) -> tuple[NeedResult, ...]:
    needs = _load(run, Side.NEED, Need, shard.first, shard.last)
    prepared = _prepared(run.pk)
    return pipeline.match_shard(
        needs, prepared.offers, policy_of(run), prepared.glossary, run.as_of, prepared.index
    )


def index_of(run: MatchingRun) -> pipeline.Index:
    """The run's offers with their index."""
    return _prepared(run.pk).index


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run's offers with their index, which a worker process builds once for all its shards."""

    offers: tuple[Offer, ...]
    glossary: Glossary
    index: pipeline.Index


@lru_cache(maxsize=1)
def _prepared(run_id: uuid.UUID) -> Prepared:
    run = MatchingRun.objects.select_related("policy").get(pk=run_id)
    offers: tuple[Offer, ...] = _load(run, Side.OFFER, Offer)
    glossary = wire.decode(run.glossary.encode(), Glossary)
    return Prepared(offers, glossary, pipeline.prepare(offers, policy_of(run), glossary))


@transaction.atomic
def store_matches(*, held: Lease, results: tuple[NeedResult, ...]) -> bool:
    """Keep a shard's result if the token is still current; the last one queues the allocation.

    Returns whether it was stored.
    """
    run = MatchingRun.objects.select_for_update().get(pk=held.shard.run_id)
    if not _complete(held, run, wire.pack(results)):
        return False
    unfinished = Shard.objects.filter(run=run, stage=ShardStage.MATCH).exclude(state=ShardState.DONE)
    if not unfinished.exists():
        last = Shard.objects.create(run=run, stage=ShardStage.ALLOCATE, number=0, last=run.demands)
        enqueue(task=RUN_SHARD, arguments=[last.pk])
    return True


def _complete(held: Lease, run: MatchingRun, result: bytes) -> bool:
    if run.state != RunState.RUNNING:
        return False
    stored = Shard.objects.filter(pk=held.shard.pk, token=held.token, state=ShardState.LEASED).update(
        state=ShardState.DONE, result=result, leased_until=None
    )
    MatchingRun.objects.filter(pk=run.pk).update(shards_done=F("shards_done") + stored)
    return bool(stored)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a run found, before it is stored."""

    results: tuple[NeedResult, ...]
    plan: AllocationPlan
    gaps: tuple[FoundGap, ...]
    result_hash: str


def _allocate(run: MatchingRun) -> Outcome:
    needs, offers = _load(run, Side.NEED, Need), _load(run, Side.OFFER, Offer)
    shards = Shard.objects.filter(run=run, stage=ShardStage.MATCH).order_by("number")
    packed = shards.values_list("result", flat=True)
    pieces = [piece for result in packed for piece in wire.pieces(bytes(result))]
    results = tuple(map(wire.unpack, pieces))
    glossary = wire.decode(run.glossary.encode(), Glossary)
    agreed = agreed_firms(run)
    plan, gaps = pipeline.finish(needs, offers, results, policy_of(run), agreed, run.as_of, glossary)
    result_hash = wire.digest(*pieces, wire.encode(plan), wire.encode(gaps))
    return Outcome(results=results, plan=plan, gaps=gaps, result_hash=result_hash)


@transaction.atomic
def finish_run(*, held: Lease, outcome: Outcome) -> bool:
    """Store matches, near misses and gaps, and the hash over all of them.

    Side effects: pairs that the office excluded before stay excluded; shard results are dropped.
    Returns whether the token was still current.
    """
    hold_chain(MatchingRun.objects.values_list("round__chain_id", flat=True).get(pk=held.shard.run_id))
    run = (
        MatchingRun.objects.select_for_update(of=("self",))
        .select_related("policy", "round")
        .get(pk=held.shard.run_id)
    )
    if not _complete(held, run, b""):
        return False
    lines = FrozenLine.objects.filter(run=run).defer("payload")
    needs, offers = ({line.key: line for line in lines.filter(side=side)} for side in (Side.NEED, Side.OFFER))
    sides = _Sides(needs, offers)
    policy = policy_of(run)
    Match.objects.bulk_create(_matches(run, outcome, sides, policy), batch_size=BATCH)
    NearMiss.objects.bulk_create(_near_misses(run, outcome, sides), batch_size=BATCH)
    Gap.objects.bulk_create(_gaps(run, outcome, sides), batch_size=BATCH)
    Shard.objects.filter(run=run).update(result=b"")
    run.refresh_from_db(fields=["shards_done"])
    run.state = RUN.target(run.state, RunAction.FINISH)
    run.finished_at = timezone.now()
    run.result_hash = outcome.result_hash
    run.save(update_fields=["state", "finished_at", "result_hash"])
    return True


@dataclass(frozen=True, slots=True)
class _Sides:
    """The frozen lines by their keys."""

    needs: dict[str, FrozenLine]
    offers: dict[str, FrozenLine]


def _matches(run: MatchingRun, outcome: Outcome, sides: _Sides, policy: Policy) -> list[Match]:
    allocated = {(item.need, item.offer): item for item in outcome.plan.allocations}
    excluded = excluded_pairs(run)
    nothing = Allocation(need="", offer="", quantity=Decimal(0), share=0)
    rows = []
    for result in outcome.results:
        for rank, candidate in enumerate(result.matches, start=1):
            need, offer = sides.needs[candidate.need], sides.offers[candidate.offer]
            pair = (need.line_id, offer.line_id)
            given = allocated.get((candidate.need, candidate.offer), nothing)
            rows.append(
                Match(
                    **_found(run, candidate, sides, rank),
                    unit=offer.unit,
                    demand_fingerprint=need.fingerprint,
                    supply_fingerprint=offer.fingerprint,
                    band=explain.band(candidate.score, policy),
                    allocated=given.quantity,
                    share=given.share,
                    excluded=pair in excluded,
                    excluded_reason=excluded.get(pair, ""),
                )
            )
    return rows


def _found(run: MatchingRun, candidate: Candidate, sides: _Sides, rank: int) -> dict[str, Any]:
    need, offer = sides.needs[candidate.need], sides.offers[candidate.offer]
    return {
        "run": run,
        "demand_id": need.line_id,
        "supply_id": offer.line_id,
        "demand_title": need.title,
        "supply_title": offer.title,
        "rank": rank,
        "score": candidate.score,
        "need_position": need.position,
        "offer_position": offer.position,
        "verdicts": as_text(candidate.conditions),
        "values": candidate.criteria,
        "confirmed": candidate.confirmed,
    }


def _near_misses(run: MatchingRun, outcome: Outcome, sides: _Sides) -> list[NearMiss]:
    return [
        NearMiss(**_found(run, miss.candidate, sides, rank))
        for result in outcome.results
        for rank, miss in enumerate(result.near_misses, start=1)
    ]


def _gaps(run: MatchingRun, outcome: Outcome, sides: _Sides) -> list[Gap]:
    return [
        Gap(
            run=run,
            demand_id=sides.needs[gap.need].line_id,
            demand_title=sides.needs[gap.need].title,
            type=gap.type,
            uncovered=gap.uncovered,
            evidence_zh=gap.evidence.zh,
            evidence_en=gap.evidence.en,
        )
        for gap in outcome.gaps
    ]


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
