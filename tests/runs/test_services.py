"""Runs: frozen input, fenced shards, one result whatever happens on the way."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from matching.errors import Conflict, Forbidden
from matching.lists.states import LineState, RoundState
from matching.notices.models import Notice, OutboxMessage
from matching.runs.models import FrozenLine, Match, MatchingList, Shard, Side
from matching.runs.services import (
    cancel_run,
    lease,
    leases,
    lost_shards,
    preview,
    publish,
    run_shard,
    shards,
    start_run,
)
from matching.runs.services.shards import store_matches
from matching.runs.states import RunState, ShardStage
from tests import factories, world

pytestmark = pytest.mark.django_db


def test_a_run_freezes_its_input() -> None:
    here = world.build()
    demand = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    factories.make_supply(here.member, here.chain, state=LineState.SUBMITTED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    assert (run.state, run.shards_total) == (RunState.WAITING, 1)
    assert OutboxMessage.objects.filter(task="runs.run_shard").count() == 1
    run = world.prepare(run)
    demand.title = "完全不同的产品"
    demand.save()
    frozen = FrozenLine.objects.get(run=run, side=Side.NEED)
    assert (run.demands, run.supplies, run.state) == (1, 1, RunState.RUNNING)
    assert (run.shards_done, run.shards_total) == (1, 4)
    assert "N型单晶硅片" in frozen.payload


def test_the_same_lines_give_the_same_hashes_however_they_are_cut(settings: LazySettings) -> None:
    here = world.build()
    for _ in range(7):
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    seen = set()
    for size in (20, 3, 1):
        settings.SHARD_SIZE = size
        run = world.indexed(start_run(actor=here.office, round_id=here.round.pk))
        pieces = list(Shard.objects.filter(run=run, stage=ShardStage.MATCH))
        random.Random(size).shuffle(pieces)
        for shard in pieces:
            run_shard(shard_id=shard.pk)
        run = world.compute(run)
        assert run.state == RunState.FINISHED
        seen.add((run.input_hash, run.result_hash))
    assert len(seen) == 1


def test_running_every_shard_twice_changes_nothing() -> None:
    here = world.build()
    run = world.finished_run(here, demands=3)
    before = list(Match.objects.order_by("pk").values_list("pk", flat=True))
    for shard in Shard.objects.filter(run=run):
        run_shard(shard_id=shard.pk)
    run.refresh_from_db()
    assert list(Match.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert (run.shards_done, run.shards_total) == (4, 4)


def test_a_worker_that_lost_its_lease_is_fenced_off(settings: LazySettings) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = world.indexed(start_run(actor=here.office, round_id=here.round.pk))
    shard = Shard.objects.get(run=run, stage=ShardStage.MATCH)
    settings.LEASE_SECONDS = -1
    slow = lease(shard_id=shard.pk)
    settings.LEASE_SECONDS = 60
    quick = lease(shard_id=shard.pk)
    assert slow is not None
    assert quick is not None
    assert (slow.token, quick.token) == (1, 2)
    assert store_matches(held=slow, results=()) is False
    assert store_matches(held=quick, results=()) is True
    assert Shard.objects.filter(run=run, stage=ShardStage.ALLOCATE).count() == 1


def test_a_held_shard_is_not_given_out_twice() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    shard = Shard.objects.get(run=run)
    assert lease(shard_id=shard.pk) is not None
    assert lease(shard_id=shard.pk) is None


def test_lost_shards_are_found_once_a_patience() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    assert lost_shards() == []
    Shard.objects.filter(run=run).update(queued_at=timezone.now() - timedelta(minutes=5))
    expected = [Shard.objects.get(run=run).pk]
    assert lost_shards() == expected
    assert lost_shards() == []


def test_a_lease_that_ran_out_is_queued_once_and_stays_the_slow_workers(settings: LazySettings) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    Shard.objects.filter(run=run).update(queued_at=timezone.now() - timedelta(seconds=20))
    settings.LEASE_SECONDS = -1
    slow = lease(shard_id=Shard.objects.get(run=run).pk)
    assert slow is not None
    assert lost_shards() == [slow.shard.pk]
    assert lost_shards() == []
    assert shards.prepare_run(held=slow) is True


def test_any_fault_of_the_computation_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)

    def broken(*_args: object) -> None:
        raise AssertionError("a fault")

    monkeypatch.setattr(shards, "freeze", broken)
    with pytest.raises(AssertionError):
        run_shard(shard_id=Shard.objects.get(run=run).pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "AssertionError: a fault")


def test_a_database_that_is_away_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)

    def away(*_args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(shards, "freeze", away)
    with pytest.raises(OperationalError):
        run_shard(shard_id=Shard.objects.get(run=run).pk)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_a_late_fault_of_a_fenced_off_worker_ends_nothing(settings: LazySettings) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    shard = Shard.objects.get(run=run)
    settings.LEASE_SECONDS = -1
    slow, quick = lease(shard_id=shard.pk), lease(shard_id=shard.pk)
    assert slow is not None
    assert quick is not None
    assert leases.fail_shard(held=slow, error="late") is False
    assert leases.fail_shard(held=quick, error="true") is True
    run.refresh_from_db()
    assert run.error == "true"


def test_a_shard_that_nobody_finishes_ends_the_run(settings: LazySettings) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    shard = Shard.objects.get(run=run)
    settings.LEASE_SECONDS = -1
    for _ in range(leases.MOST_LEASES):
        assert lease(shard_id=shard.pk) is not None
    assert lease(shard_id=shard.pk) is None
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "10" in run.error


def test_only_one_run_of_a_round_is_in_work() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    with pytest.raises(Conflict) as refused:
        start_run(actor=here.office, round_id=here.round.pk)
    assert refused.value.code == "run_in_work"
    cancel_run(actor=here.office, run_id=run.pk)
    assert start_run(actor=here.office, round_id=here.round.pk).number == 2


def test_a_cancelled_run_stores_nothing_more() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = world.indexed(start_run(actor=here.office, round_id=here.round.pk))
    held = lease(shard_id=Shard.objects.get(run=run, stage=ShardStage.MATCH).pk)
    assert held is not None
    cancel_run(actor=here.office, run_id=run.pk)
    assert store_matches(held=held, results=()) is False
    run_shard(shard_id=held.shard.pk)
    assert Match.objects.count() == 0


def test_a_round_without_verified_demand_is_refused_and_leaves_no_run() -> None:
    here = world.build()
    with pytest.raises(Conflict) as refused, transaction.atomic():
        start_run(actor=here.office, round_id=here.round.pk)
    assert refused.value.code == "no_demand"
    assert here.round.runs.count() == 0


def test_strangers_can_not_run() -> None:
    here = world.build()
    for person in (here.leader, here.member, here.department):
        with pytest.raises(Forbidden):
            start_run(actor=person, round_id=here.round.pk)


def test_publishing_numbers_and_compares_lists() -> None:
    here = world.build()
    first = publish(actor=here.office, run_id=world.finished_run(here).pk)
    factories.make_supply(here.member, here.chain, key="S9999", state=LineState.VERIFIED)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert len(preview(run).added) == 1
    second = publish(actor=here.office, run_id=run.pk)
    second.refresh_from_db()
    here.round.refresh_from_db()
    assert (first.number, second.number, second.previous) == (1, 2, first)
    assert [pair[1].endswith("/S9999") for pair in second.diff["added"]] == [True]
    assert second.diff["removed"] == []
    assert here.round.state == RoundState.PUBLISHED
    assert Notice.objects.filter(user=here.member, key=f"published:{first.pk}").count() == 1


def test_an_open_round_is_not_published() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    with pytest.raises(Conflict) as refused:
        publish(actor=here.office, run_id=run.pk)
    assert refused.value.code == "round_open"


def test_a_run_is_published_once() -> None:
    here = world.build()
    run = world.finished_run(here)
    publish(actor=here.office, run_id=run.pk)
    with pytest.raises(Conflict) as refused:
        publish(actor=here.office, run_id=run.pk)
    assert refused.value.code == "already_published"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_a_published_list(change: str) -> None:
    here = world.build()
    published = publish(actor=here.office, run_id=world.finished_run(here).pk)
    lists = MatchingList.objects.filter(pk=published.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        lists.update(content="{}") if change == "update" else lists.delete()
    assert lists.get().content == published.content


def test_a_lease_that_is_renewed_goes_on(settings: LazySettings) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    run = start_run(actor=here.office, round_id=here.round.pk)
    settings.LEASE_SECONDS = -1
    slow = lease(shard_id=Shard.objects.get(run=run).pk)
    assert slow is not None
    settings.LEASE_SECONDS = 60
    assert leases.renew(slow) is True
    assert lease(shard_id=slow.shard.pk) is None
    Shard.objects.update(token=2)
    assert leases.renew(slow) is False
