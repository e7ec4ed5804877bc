"""A run gives the same list, byte for byte, when its worker is killed in the middle."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.conf import LazySettings

from matching.engine import wire
from matching.lists.services import change_round
from matching.lists.states import LineState, RoundAction
from matching.runs.models import Match, MatchingRun, Shard
from matching.runs.services import lease, publish, start_run
from matching.runs.services.publishing import list_content
from matching.runs.states import LIVE, RunState, ShardState
from tests import factories, world
from tests.services import WorkerProcess, empty_broker, wait_until

LINES = 40


def _finished(run: MatchingRun) -> bool:
    run.refresh_from_db()
    assert run.state != RunState.FAILED, run.error
    return run.state == RunState.FINISHED


def _done(run: MatchingRun, at_least: int) -> bool:
    return Shard.objects.filter(run=run, state=ShardState.DONE).count() >= at_least


def _lose_a_shard(run: MatchingRun) -> None:
    """The run is in the middle; where the kill met no shard in work, it takes one and dies with it."""
    run.refresh_from_db()
    assert run.state in LIVE
    unfinished = Shard.objects.filter(run=run).exclude(state=ShardState.DONE)
    if not unfinished.filter(state=ShardState.LEASED).exists():
        assert lease(shard_id=unfinished.order_by("pk")[0].pk) is not None


@pytest.mark.django_db(transaction=True)
def test_the_list_is_the_same_byte_for_byte(settings: LazySettings, tmp_path: Path) -> None:
    settings.SHARD_SIZE = 1
    settings.LEASE_SECONDS = 1
    here = world.build()
    for number in range(LINES):
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, title=f"N型单晶硅片{number}")
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, title=f"单晶硅片{number}")
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    undisturbed = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    expected = wire.encode(list_content(undisturbed))

    empty_broker()
    worker = WorkerProcess(tmp_path, beat=True, LEASE_SECONDS="1", SHARD_SIZE="1")
    worker.start()
    try:
        run = start_run(actor=here.office, round_id=here.round.pk)
        for done in (3, LINES // 2):
            wait_until(partial(_done, run, done))
            worker.kill()
            _lose_a_shard(run)
            worker.start()
        wait_until(lambda: _finished(run))
    finally:
        worker.stop()
        empty_broker()
    assert Shard.objects.filter(run=run, token__gt=1).exists()
    assert (run.input_hash, run.result_hash) == (undisturbed.input_hash, undisturbed.result_hash)
    assert publish(actor=here.office, run_id=run.pk).content.encode() == expected
    assert Match.objects.filter(run=run).count() == Match.objects.filter(run=undisturbed).count()
    assert run.shards_done == run.shards_total == LINES + 3
