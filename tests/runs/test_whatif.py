"""What-if questions about a finished run: what they answer, who may ask, and that nothing is written."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from matching.engine import pipeline
from matching.engine.types import ConditionKind
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs.models import Award, Match, MatchingRun, NearMiss
from matching.runs.queries import neighbourhood as reading
from matching.runs.services import set_excluded, start_run
from matching.runs.services.whatif import Question, ToldAnswer, ask, computing, need_in, offer_in
from tests import factories, world

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Scene:
    """Two demand lines of 100,000 a month; a dear offer, one of 130,000 and one of 40,000, of three firms."""

    here: world.World
    run: MatchingRun
    first: DemandLine
    second: DemandLine
    large: SupplyLine
    small: SupplyLine
    dear: SupplyLine

    def ask(self, actor: User | None = None, **question: Any) -> ToldAnswer:
        """Ask as the chain's office."""
        return ask(actor=actor or self.here.office, run=self.run, question=Question(**question))


@pytest.fixture
def scene() -> Scene:
    here = world.build()
    demands = [
        factories.make_demand(
            here.leader, here.chain, key=f"D{at}", state=LineState.VERIFIED, price_ceiling=10
        )
        for at in (1, 2)
    ]
    offers = {"large": (130_000, 9), "small": (40_000, 9), "dear": (300_000, 11)}
    lines = {
        name: factories.make_supply(
            factories.make_user(Role.MEMBER_FIRM),
            here.chain,
            state=LineState.VERIFIED,
            free_capacity=Decimal(free),
            price_low=price,
        )
        for name, (free, price) in offers.items()
    }
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    return Scene(here, run, demands[0], demands[1], **lines)


def test_a_waived_condition_brings_a_match_and_frees_the_others(scene: Scene) -> None:
    assert NearMiss.objects.filter(run=scene.run, supply=scene.dear).count() == 2
    answer = scene.ask(demand=scene.first.pk, kind=ConditionKind.PRICE)
    assert answer.whole
    assert (answer.covered, answer.opened) == (2, 0)
    (gained,) = [row for row in answer.pairs if row.gained]
    assert (gained.demand, gained.supply, gained.lost) == (scene.first, scene.dear, False)
    assert {row.demand: row.after for row in answer.needs} == {scene.first: 10_000, scene.second: 10_000}
    assert sum(row.before for row in answer.needs) == 17_000


def test_a_changed_condition_is_judged_anew(scene: Scene) -> None:
    enough = scene.ask(demand=scene.first.pk, kind=ConditionKind.PRICE, to="11")
    assert [row.supply for row in enough.pairs if row.gained] == [scene.dear]
    still_too_low = scene.ask(demand=scene.first.pk, kind=ConditionKind.PRICE, to="10.5")
    assert (still_too_low.needs, still_too_low.pairs) == ((), ())


def test_pairs_excluded_when_the_run_began_take_over_nothing(scene: Scene) -> None:
    for demand in (scene.first, scene.second):
        set_excluded(pair=(demand.pk, scene.large.pk), excluded=True, reason="质量")
    asked: dict[str, Any] = {"supply": scene.small.pk, "free_capacity": Decimal(0)}
    assert sum(row.before - row.after for row in scene.ask(**asked).needs) == 4_000
    run = world.compute(start_run(actor=scene.here.office, round_id=scene.here.round.pk))
    later = ask(actor=scene.here.office, run=run, question=Question(**asked))
    assert sum(row.before for row in later.needs) == 4_000
    assert sum(row.after for row in later.needs) == 0
    more: dict[str, Any] = {"supply": scene.large.pk, "free_capacity": Decimal(900_000)}
    unmoved = ask(actor=scene.here.office, run=run, question=Question(**more))
    assert (unmoved.needs, unmoved.pairs) == ((), ())


def test_when_a_firm_drops_out(scene: Scene) -> None:
    answer = scene.ask(firm=scene.large.organisation_id)
    assert {(row.demand, row.supply) for row in answer.pairs if row.lost} == {
        (scene.first, scene.large),
        (scene.second, scene.large),
    }
    assert sum(row.after for row in answer.needs) == 4_000
    assert all(row.gap_after for row in answer.needs)


def test_when_an_offer_gives_more(scene: Scene) -> None:
    answer = scene.ask(supply=scene.small.pk, free_capacity=Decimal(70_000))
    assert answer.covered == 1 + (len(answer.needs) == 2)
    given = Match.objects.filter(run=scene.run, supply=scene.small)
    stored = sum(given.values_list("allocated", flat=True), Decimal(0))
    moved = [row for row in answer.pairs if row.supply == scene.small]
    unmoved = stored - sum((row.before or Decimal(0) for row in moved), Decimal(0))
    assert sum((row.after or Decimal(0) for row in moved), unmoved) == 70_000
    assert stored == 40_000


def test_an_offer_without_free_capacity_is_found_among_the_near_misses() -> None:
    here = world.build()
    demand = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    offer = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, free_capacity=Decimal(0))
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    question = Question(supply=offer.pk, free_capacity=Decimal(25_000))
    answer = ask(actor=here.office, run=run, question=question)
    assert [(row.demand, row.before, row.after) for row in answer.needs] == [(demand, 0, 2_500)]


def test_agreements_count_among_the_suppliers() -> None:
    here = world.build()
    demand = factories.make_demand(
        here.leader, here.chain, state=LineState.VERIFIED, max_suppliers=1, price_ceiling=10
    )
    agreed = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, price_low=9)
    other = factories.make_user(Role.MEMBER_FIRM)
    dear = factories.make_supply(other, here.chain, state=LineState.VERIFIED, price_low=11)
    Award.objects.create(demand=demand, supply=agreed, quantity=Decimal(40_000), unit="片")
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    answer = ask(
        actor=here.office, run=run, question=Question(demand=demand.pk, kind=ConditionKind.PRICE, to="12")
    )
    assert [(row.supply, row.before, row.after) for row in answer.pairs] == [(dear, None, Decimal(0))]
    assert answer.needs == ()


def test_far_ones_keep_what_they_have(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "MOST_PAIRS", 0)
    answer = scene.ask(demand=scene.first.pk, kind=ConditionKind.PRICE)
    assert not answer.whole
    assert {row.demand for row in answer.needs} <= {scene.first}
    kept = Match.objects.filter(run=scene.run, demand=scene.second, allocated__gt=0)
    elsewhere = reading.given_elsewhere(scene.run, [scene.first.pk], [scene.large.pk, scene.small.pk])
    assert elsewhere == dict(kept.values_list("supply_id", "allocated"))


def test_the_answer_is_that_of_a_run_with_the_change(scene: Scene) -> None:
    answer = scene.ask(supply=scene.large.pk, free_capacity=Decimal(180_000))
    scene.large.free_capacity = Decimal(180_000)
    scene.large.save(update_fields=["free_capacity"])
    rerun = world.compute(start_run(actor=scene.here.office, round_id=scene.here.round.pk))
    expected = {
        (match.demand_id, match.supply_id): match.allocated for match in Match.objects.filter(run=rerun)
    }
    told = {(row.demand.pk, row.supply.pk): row.after for row in answer.pairs}
    before = {
        (match.demand_id, match.supply_id): match.allocated for match in Match.objects.filter(run=scene.run)
    }
    assert before | told == expected


def test_nothing_is_written(scene: Scene) -> None:
    counts = {model: model._base_manager.count() for model in apps.get_models()}
    questions = (
        {"demand": scene.first.pk, "kind": ConditionKind.PRICE},
        {"firm": scene.large.organisation_id},
        {"supply": scene.small.pk, "minimum_order": Decimal(1)},
    )
    with CaptureQueriesContext(connection) as asked:
        for question in questions:
            scene.ask(**question)
    assert {query["sql"].split()[0] for query in asked.captured_queries} <= {"SELECT", "DECLARE"}
    assert {model: model._base_manager.count() for model in apps.get_models()} == counts


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({}, "invalid"),
        ({"demand": "first"}, "invalid"),
        ({"demand": "first", "firm": "first", "kind": ConditionKind.PRICE}, "invalid"),
        ({"demand": "nobody", "kind": ConditionKind.PRICE}, "not_in_run"),
        ({"demand": "dear", "kind": ConditionKind.PRICE}, "not_in_run"),
        ({"demand": "first", "kind": ConditionKind.DELIVERY}, "invalid"),
        ({"demand": "first", "kind": ConditionKind.CAPACITY}, "invalid"),
        ({"demand": "first", "kind": ConditionKind.PRICE, "ordinal": 1}, "invalid"),
        ({"demand": "first", "kind": ConditionKind.PRICE, "to": "便宜"}, "invalid"),
        ({"firm": "nobody"}, "not_in_run"),
        ({"supply": "small"}, "required"),
        ({"supply": "first", "free_capacity": Decimal(1)}, "not_in_run"),
    ],
)
def test_what_is_refused(scene: Scene, question: dict[str, Any], code: str) -> None:
    named = {
        name: uuid.uuid4() if value == "nobody" else getattr(scene, value).pk
        for name, value in question.items()
        if name in {"demand", "supply", "firm"}
    }
    with pytest.raises(Invalid) as refused:
        scene.ask(**{**question, **named})
    assert refused.value.code == code


def test_only_the_chains_office_asks_about_secrets(scene: Scene) -> None:
    secret = (
        {"demand": scene.first.pk, "kind": ConditionKind.PRICE, "to": "11"},
        {"demand": scene.first.pk, "kind": ConditionKind.CAPACITY, "to": "11"},
        {"supply": scene.small.pk, "free_capacity": Decimal(1)},
    )
    for question in secret:
        with pytest.raises(Forbidden):
            scene.ask(scene.here.department, **question)
    assert scene.ask(scene.here.department, demand=scene.first.pk, kind=ConditionKind.PRICE).pairs


def test_a_run_in_work_has_no_answer(scene: Scene) -> None:
    run = start_run(actor=scene.here.office, round_id=scene.here.round.pk)
    with pytest.raises(Conflict):
        ask(actor=scene.here.office, run=run, question=Question(firm=scene.large.organisation_id))


def test_lines_as_the_run_compared_them(scene: Scene) -> None:
    assert need_in(scene.run, scene.first.pk).price_ceiling == 10
    assert offer_in(scene.run, scene.small.pk).free_capacity == 40_000
    with pytest.raises(Invalid):
        offer_in(scene.run, scene.first.pk)


@pytest.mark.parametrize(
    "lacking", [{"engine": pipeline.VERSION - 1}, {"engine": pipeline.VERSION + 1}, {"index_hash": ""}]
)
def test_a_run_of_another_release_is_not_asked(scene: Scene, lacking: dict[str, Any]) -> None:
    MatchingRun.objects.filter(pk=scene.run.pk).update(**lacking)
    scene.run.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        scene.ask(demand=scene.first.pk, kind=ConditionKind.PRICE)
    assert refused.value.code == "run_too_old"
