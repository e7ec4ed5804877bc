"""A small programme that tests tell their stories in: one chain, an office and two firms."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from accounts.roles import Role
from matching.chains.models import Chain
from matching.lists.models import Round
from matching.lists.services import change_round
from matching.lists.states import LineState, RoundAction
from matching.runs.models import MatchingRun, Shard
from matching.runs.services import run_shard, start_run
from matching.runs.states import ShardStage, ShardState
from tests import factories


@dataclass(frozen=True)
class World:
    """People of one chain, and its open round."""

    chain: Chain
    round: Round
    office: User
    department: User
    leader: User
    member: User


def build() -> World:
    """The people and an open round; no lines yet."""
    chain = factories.make_chain()
    return World(
        chain=chain,
        round=factories.make_round(chain),
        office=factories.make_user(Role.CHAIN_OFFICE, chains=(chain.pk,)),
        department=factories.make_user(Role.LEAD_DEPARTMENT, chains=(chain.pk,)),
        leader=factories.make_user(Role.LEADER_FIRM),
        member=factories.make_user(Role.MEMBER_FIRM),
    )


def prepare(run: MatchingRun) -> MatchingRun:
    """Freeze a run's input in this process."""
    return _stage(run, ShardStage.PREPARE)


def indexed(run: MatchingRun) -> MatchingRun:
    """Freeze a run's input and index it in this process."""
    return _stage(prepare(run), ShardStage.INDEX)


def _stage(run: MatchingRun, stage: ShardStage) -> MatchingRun:
    run_shard(shard_id=Shard.objects.get(run=run, stage=stage).pk)
    run.refresh_from_db()
    return run


def compute(run: MatchingRun) -> MatchingRun:
    """Do the workers' part of a run in this process."""
    while waiting := Shard.objects.filter(run=run).exclude(state=ShardState.DONE).first():
        run_shard(shard_id=waiting.pk)
    run.refresh_from_db()
    return run


def finished_run(world: World, demands: int = 1, supplies: int = 2) -> MatchingRun:
    """Verified lines, a closed round and a finished run."""
    for _ in range(demands):
        factories.make_demand(world.leader, world.chain, state=LineState.VERIFIED)
    for _ in range(supplies):
        factories.make_supply(world.member, world.chain, state=LineState.VERIFIED)
    change_round(actor=world.office, round_id=world.round.pk, action=RoundAction.CLOSE)
    return compute(start_run(actor=world.office, round_id=world.round.pk))
