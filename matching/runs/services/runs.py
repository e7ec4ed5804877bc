"""Verbs on runs: order, cancel."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.credentials.services import in_hand
from accounts.models import User
from matching.engine import pipeline
from matching.errors import Conflict, Forbidden
from matching.lists.models import Round
from matching.lists.states import RoundState
from matching.runs import access
from matching.runs.models import MatchingRun
from matching.runs.services.freezing import has_open_demand
from matching.runs.services.policies import current_policy
from matching.runs.services.shards import queue
from matching.runs.states import LIVE, RUN, RunAction, ShardStage


@transaction.atomic
def start_run(*, actor: User, round_id: uuid.UUID) -> MatchingRun:
    """Order a run of a round: a worker freezes the verified lines of its chain and cuts them into shards.

    Side effects: one run with its first shard, one outbox message. Demand that accepted matches cover
    already is left out. Raises ``Forbidden``, or ``Conflict`` where the round was never opened, has a run
    in work, or has no open demand.
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
        round=round_,
        number=number,
        policy=policy,
        as_of=as_of,
        created_by=actor,
        ordered_with=in_hand(),
        engine=pipeline.VERSION,
        shards_total=1,
    )
    if not has_open_demand(run):
        raise Conflict(_("The round has no verified demand line that is still open."), code="no_demand")
    queue(run, ShardStage.PREPARE, [(0, 0)])
    return run


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
