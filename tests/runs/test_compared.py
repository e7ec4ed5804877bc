"""A changed line beside the last finished run: what it would gain and lose, and who may see that."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings

from matching.engine import pipeline
from matching.errors import Conflict, Forbidden
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs.models import Match, MatchingRun, Shard
from matching.runs.services import learn_meanings, meanings, start_run
from matching.runs.services.compared import Compared, compare_line
from matching.runs.states import ShardStage
from tests import factories, world
from tests.meanings.models_of import Topics

pytestmark = pytest.mark.django_db
VERIFIED = LineState.VERIFIED


@pytest.fixture
def here() -> world.World:
    """Two demands, one with a ceiling of 10; an offer for 9 and one for 12."""
    here = world.build()
    factories.make_demand(here.leader, here.chain, key="D1", state=VERIFIED, price_ceiling=Decimal(10))
    factories.make_demand(here.leader, here.chain, key="D2", state=VERIFIED)
    for key, price in (("S1", 9), ("S2", 12)):
        factories.make_supply(here.member, here.chain, key=key, state=VERIFIED, price_low=Decimal(price))
    return here


def _run(here: world.World) -> MatchingRun:
    return world.compute(start_run(actor=here.office, round_id=here.round.pk))


def _demand(key: str) -> DemandLine:
    return DemandLine.objects.select_related("organisation").get(key=key)


def _supply(key: str) -> SupplyLine:
    return SupplyLine.objects.select_related("organisation").get(key=key)


def _told(compared: Compared) -> list[tuple[str, str, str]]:
    """Own numbers of both lines, and what became of the pair."""
    return [
        (
            row.demand_key.rpartition("/")[2],
            row.supply_key.rpartition("/")[2],
            "gained" if row.gained else "lost" if row.lost else "other",
        )
        for row in compared.rows
    ]


def _pairs(run: MatchingRun) -> dict[tuple[str, str], int]:
    rows = Match.objects.filter(run=run).values_list("demand__key", "supply__key", "score")
    return {(demand, supply): score for demand, supply, score in rows}


def test_a_line_as_it_was_changes_nothing(here: world.World) -> None:
    run = _run(here)
    for line, matches in ((_demand("D1"), 1), (_supply("S1"), 2)):
        compared = compare_line(actor=here.department, line=line)
        assert (compared.run, compared.rows, compared.same) == (run, (), matches)


def test_a_changed_demand_gains_and_loses(here: world.World) -> None:
    _run(here)
    DemandLine.objects.filter(key="D1").update(price_ceiling=Decimal(12))
    assert _told(compare_line(actor=here.office, line=_demand("D1"))) == [("D1", "S2", "gained")]
    DemandLine.objects.filter(key="D1").update(price_ceiling=Decimal(1))
    compared = compare_line(actor=here.office, line=_demand("D1"))
    assert (_told(compared), compared.lost, compared.gained) == ([("D1", "S1", "lost")], 1, 0)


def test_a_changed_offer_is_held_against_every_demand_as_the_next_run_would(here: world.World) -> None:
    before = _pairs(_run(here))
    SupplyLine.objects.filter(key="S2").update(price_low=Decimal(8), price_high=Decimal(9), lead_time=3)
    compared = compare_line(actor=here.office, line=_supply("S2"))
    after = _pairs(_run(here))
    assert ("D1", "S2", "gained") in _told(compared)
    found = {
        tuple(key.rpartition("/")[2] for key in (row.demand_key, row.supply_key)): (row.before, row.after)
        for row in compared.rows
    }
    assert found == {
        pair: (before.get(pair), after.get(pair))
        for pair in before.keys() | after.keys()
        if before.get(pair) != after.get(pair)
    }


def test_a_new_line_gains_and_a_withdrawn_one_loses_all(here: world.World) -> None:
    _run(here)
    added = factories.make_supply(here.member, here.chain, key="S3", state=VERIFIED, price_low=Decimal(5))
    told = _told(compare_line(actor=here.office, line=added))
    assert told == [("D1", "S3", "gained"), ("D2", "S3", "gained")]
    SupplyLine.objects.filter(key="S1").update(state=LineState.WITHDRAWN)
    told = _told(compare_line(actor=here.office, line=_supply("S1")))
    assert told == [("D1", "S1", "lost"), ("D2", "S1", "lost")]
    DemandLine.objects.filter(key="D2").update(state=LineState.WITHDRAWN)
    assert compare_line(actor=here.office, line=_demand("D2")).lost == 2


def test_nothing_is_written(here: world.World) -> None:
    _run(here)
    SupplyLine.objects.filter(key="S2").update(price_low=Decimal(8))
    rows = {model: model._default_manager.count() for model in apps.get_app_config("matching").get_models()}
    compare_line(actor=here.office, line=_supply("S2"))
    assert rows == {model: model._default_manager.count() for model in rows}


def test_only_offices_of_the_chain_see_it(here: world.World) -> None:
    _run(here)
    for stranger in (here.leader, here.member):
        with pytest.raises(Forbidden):
            compare_line(actor=stranger, line=_demand("D1"))


def test_without_a_run_that_can_be_compared_it_is_refused(here: world.World) -> None:
    with pytest.raises(Conflict) as nothing:
        compare_line(actor=here.office, line=_demand("D1"))
    assert nothing.value.code == "no_run"
    run = _run(here)
    Shard.objects.filter(run=run, stage=ShardStage.ALLOCATE).update(result=b"")
    with pytest.raises(Conflict) as older:
        compare_line(actor=here.office, line=_demand("D1"))
    assert older.value.code == "run_too_old"


@pytest.mark.parametrize("lacking", [{"engine": pipeline.VERSION - 1}, {"index_hash": ""}])
def test_a_run_of_another_release_is_not_compared(here: world.World, lacking: dict[str, Any]) -> None:
    MatchingRun.objects.filter(pk=_run(here).pk).update(**lacking)
    with pytest.raises(Conflict) as refused:
        compare_line(actor=here.office, line=_demand("D1"))
    assert refused.value.code == "run_too_old"


def test_a_chain_with_meanings_is_matched_whole(
    here: world.World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Topics()
    settings.SEMANTIC = {"model": model.name, "url": "https://models.example.cn/v1", "key": ""}
    monkeypatch.setattr(meanings, "encoder", lambda **_: model)
    learn_meanings()
    _run(here)
    with pytest.raises(Conflict) as refused:
        compare_line(actor=here.office, line=_demand("D1"))
    assert refused.value.code == "matched_whole"
