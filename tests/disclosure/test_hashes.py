"""Who has the database, and not the keys, can't try prices out against the hash of a run's results."""

from __future__ import annotations

import pytest

from matching.runs.models import MatchingRun, Shard
from matching.runs.services import finishing, run_shard, start_run
from matching.runs.states import ShardStage, ShardState
from tests import world
from tests.disclosure.rivals import tell_rivals

pytestmark = pytest.mark.django_db


def _matched() -> MatchingRun:
    """A run of which everything is done but the allocation."""
    here = tell_rivals().world
    run = world.indexed(start_run(actor=here.office, round_id=here.round.pk))
    shards = Shard.objects.filter(run=run, stage=ShardStage.MATCH)
    for shard in shards.values_list("pk", flat=True):
        run_shard(shard_id=shard)
    assert set(shards.values_list("state", flat=True)) == {ShardState.DONE}
    return run


def _without_key(data: bytes) -> str:
    return data.decode()


def _guessed(run: MatchingRun, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a thief computes who has guessed every price and capacity right."""
    with monkeypatch.context() as at_home:
        at_home.setattr(finishing, "keyed_digest", _without_key)
        return finishing.allocate(run).result_hash


@pytest.mark.parametrize("is_keyed", [True, False])
def test_a_right_guess_is_not_recognised(monkeypatch: pytest.MonkeyPatch, is_keyed: bool) -> None:
    if not is_keyed:  # the negative control
        monkeypatch.setattr(finishing, "keyed_digest", _without_key)
    run = _matched()
    guess = _guessed(run, monkeypatch)
    assert (world.compute(run).result_hash == guess) == (not is_keyed)
