"""Verbs on runs: freeze the input, cut it into shards, cancel, fail."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.chains.queries import glossary_for
from matching.engine import wire
from matching.engine.text import index_glossary
from matching.engine.types import (
    Need,
    Offer,
)
from matching.errors import Conflict, Forbidden
from matching.lists import queries as lists
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.states import RoundState
from matching.memory.queries import aliases_of
from matching.notices.services import enqueue
from matching.runs import access
from matching.runs.models import (
    FrozenLine,
    MatchingRun,
    Shard,
    Side,
)
from matching.runs.queries import policy_of
from matching.runs.services.decided import awards_of, open_part
from matching.runs.services.meanings import needs_meant, offers_meant
from matching.runs.services.policies import current_policy
from matching.runs.states import LIVE, RUN, RunAction, ShardStage

RUN_SHARD = "runs.run_shard"
BATCH = 1000


@transaction.atomic
def start_run(*, actor: User, round_id: uuid.UUID) -> MatchingRun:
    """Freeze the verified lines of a round's chain and queue their shards.

    Side effects: one run, its frozen lines and shards, one outbox message a shard.
    The lines stay locked while they are read, so that no line is frozen half changed; demand that
    accepted matches cover already is left out. Raises ``Forbidden``, or ``Conflict`` where the round was
    never opened, has a run in work, or has no open demand.
    """
    round_ = Round.objects.select_for_update().get(pk=round_id)
    if not access.can_run(actor, round_.chain_id):
        raise Forbidden(_("Only the office of this chain runs its matching."), code="not_your_chain")
    if round_.state == RoundState.PLANNED:
        raise Conflict(_("This round has not been opened yet."), code="round_not_open")
    if round_.runs.filter(state__in=LIVE).exists():
        raise Conflict(_("A run of this round is in work."), code="run_in_work")
    as_of = timezone.localdate()
    policy = current_policy(chain_id=round_.chain_id, kind=round_.kind)
    number = (round_.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = MatchingRun.objects.create(
        round=round_, number=number, policy=policy, as_of=as_of, created_by=actor
    )
    _freeze(run)
    if run.demands == 0:
        raise Conflict(_("The round has no verified demand line that is still open."), code="no_demand")
    _cut_shards(run)
    return run


def _freeze(run: MatchingRun) -> None:
    round_, as_of = run.round, run.as_of
    chain, kind = round_.chain_id, round_.kind
    glossary = glossary_for(chain)
    run.glossary = wire.encode(glossary).decode()
    locked = {*_locked(DemandLine, run), *_locked(SupplyLine, run)}
    awards = awards_of(chain, kind)
    aliases = index_glossary(glossary).units
    demands = [
        line for line in lists.matchable(DemandLine, chain=chain, kind=kind, on=as_of) if line.pk in locked
    ]
    run.awards = wire.encode(
        sorted(
            (one for line in demands for one in awards.get(line.pk, ())),
            key=lambda one: (one.demand, one.supply),
        )
    ).decode()
    needs = _frozen(
        run,
        Side.NEED,
        needs_meant(
            (line, need)
            for line in demands
            if (need := open_part(lists.as_need(line), awards.get(line.pk, ()), aliases)) is not None
        ),
    )
    confirmed = aliases_of(chain, kind)
    offers = _frozen(
        run,
        Side.OFFER,
        offers_meant(
            (line, lists.as_offer(line, as_of, confirmed.get(line.pk, ())))
            for line in lists.matchable(SupplyLine, chain=chain, kind=kind, on=as_of)
            if line.pk in locked
        ),
    )
    run.demands, run.supplies = len(needs), len(offers)
    run.input_hash = wire.digest(
        as_of.isoformat().encode(),
        wire.encode(policy_of(run)),
        run.glossary.encode(),
        run.awards.encode(),
        *needs,
        *offers,
    )
    run.save()


def _locked(model: type[DemandLine | SupplyLine], run: MatchingRun) -> list[uuid.UUID]:
    """Lock the lines that will be frozen; whoever changes a line or its rows waits for the freeze."""
    lines = model.objects.matchable(chain=run.round.chain_id, kind=run.round.kind, on=run.as_of)
    ordered = lines.order_by("organisation_id", "key").select_for_update(no_key=True)
    return list(ordered.values_list("pk", flat=True))


def _frozen(
    run: MatchingRun, side: Side, lines: Iterable[tuple[DemandLine | SupplyLine, Need | Offer]]
) -> list[bytes]:
    payloads: list[bytes] = []
    rows: list[FrozenLine] = []
    for position, (line, value) in enumerate(lines):
        payload = wire.encode(value)
        payloads.append(payload)
        rows.append(
            FrozenLine(
                run=run,
                side=side,
                position=position,
                key=value.key,
                line_id=line.pk,
                title=line.title,
                unit=line.unit,
                fingerprint=line.fingerprint,
                payload=payload.decode(),
            )
        )
        if len(rows) == BATCH:
            FrozenLine.objects.bulk_create(rows)
            rows = []
    FrozenLine.objects.bulk_create(rows)
    return payloads


def _cut_shards(run: MatchingRun) -> None:
    size = settings.SHARD_SIZE
    ranges = [(first, min(first + size, run.demands)) for first in range(0, run.demands, size)]
    shards = Shard.objects.bulk_create(
        Shard(run=run, stage=ShardStage.MATCH, number=number, first=first, last=last)
        for number, (first, last) in enumerate(ranges)
    )
    run.shards_total = len(shards) + 1
    run.save(update_fields=["shards_total"])
    for shard in shards:
        enqueue(task=RUN_SHARD, arguments=[shard.pk])


@transaction.atomic
def cancel_run(*, actor: User, run_id: uuid.UUID) -> MatchingRun:
    """Stop a run; shards in work notice it when they store. Raises ``Forbidden`` or ``Conflict``."""
    run = MatchingRun.objects.select_for_update(of=("self",)).select_related("round").get(pk=run_id)
    if not access.can_run(actor, run.round.chain_id):
        raise Forbidden(_("Only the office of this chain cancels its runs."), code="not_your_chain")
    run.state = RUN.target(run.state, RunAction.CANCEL)
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "finished_at"])
    return run
