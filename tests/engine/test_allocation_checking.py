"""The checker finds every kind of fault, and a run with a fault is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from matching.engine import pipeline
from matching.engine.allocation import PlanFault, allocate, refuse_faults
from matching.engine.types import FULL_SCORE, Allocation, AllocationPlan, Need
from tests.engine.allocating import POLICY, check, results_of
from tests.engine.values_of import AS_OF, need, offer

RESULTS = results_of({("D1", "S1"): 8_000, ("D1", "S2"): 8_000})
WANTED = need(max_suppliers=1)
OFFERS = [offer(), offer("S2")]


def test_a_right_plan_has_no_faults() -> None:
    assert check([WANTED], OFFERS, RESULTS, allocate([WANTED], OFFERS, RESULTS, POLICY)) == []


@pytest.mark.parametrize(
    ("allocations", "complaint"),
    [
        ((Allocation("D1", "S9", Decimal(1), 1),), "not a match"),
        ((Allocation("D1", "S1", Decimal(0), 1),), "not positive"),
        ((Allocation("D1", "S1", Decimal(101), 1),), "receives"),
        ((Allocation("D1", "S1", Decimal(201), 1),), "exceeds the free capacity"),
        ((Allocation("D1", "S1", Decimal(1), 1),), "below the minimum order"),
        ((Allocation("D1", "S1", Decimal(50), 1),) * 2, "allocated twice"),
        ((Allocation("D1", "S1", Decimal(50), 1), Allocation("D1", "S2", Decimal(50), 1)), "at most 1"),
        ((Allocation("D1", "S1", Decimal(50), 1),), "told covered 0, receives 5000"),
    ],
)
def test_the_checker_finds_faults(allocations: tuple[Allocation, ...], complaint: str) -> None:
    plan = AllocationPlan(allocations, (("D1", 0),))
    assert any(complaint in problem for problem in check([WANTED], OFFERS, RESULTS, plan))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"covered": ()}, "not told of each need once"),
        ({"covered": (("D1", FULL_SCORE), ("D1", FULL_SCORE))}, "not told of each need once"),
        ({"bound": 1}, "worth"),
        ({"gap": -1}, "gap"),
    ],
)
def test_the_checker_reads_what_the_plan_says_of_itself(changes: dict[str, object], complaint: str) -> None:
    plan = replace(allocate([WANTED], OFFERS, RESULTS, POLICY), **changes)  # type: ignore[arg-type]
    assert any(complaint in problem for problem in check([WANTED], OFFERS, RESULTS, plan))


def test_units_are_checked() -> None:
    plan = AllocationPlan((Allocation("D1", "S1", Decimal(50), 1),), (("D1", 0),))
    found = check([WANTED], [offer(unit="台")], results_of({("D1", "S1"): 8_000}), plan)
    assert found == ["D1: units do not compare"]


def test_agreements_take_places_but_an_agreed_firm_needs_none() -> None:
    plan = AllocationPlan((Allocation("D1", "S1", Decimal(100), FULL_SCORE),), (("D1", FULL_SCORE),))
    assert check([WANTED], OFFERS, RESULTS, plan, {"D1": {"firm-S1"}}) == []
    assert check([WANTED], OFFERS, RESULTS, plan, {"D1": {"another"}}) == [
        "D1: 1 suppliers beside 1 agreed ones, at most 1"
    ]


def test_an_excluded_pair_is_refused() -> None:
    plan = allocate([WANTED], OFFERS[:1], RESULTS, POLICY)
    assert check([WANTED], OFFERS, RESULTS, plan, excluded={("D1", "S2")}) == []
    assert check([WANTED], OFFERS, RESULTS, plan, excluded={("D1", "S1")})[0] == "D1 ← S1: excluded"
    bare = need(quantity=None)
    covered = AllocationPlan(covered=(("D1", FULL_SCORE),))
    assert len(check([bare], OFFERS, RESULTS, covered, excluded={("D1", "S1"), ("D1", "S2")})) == 1


@pytest.mark.parametrize("quantity", [None, Decimal(0)])
def test_a_need_without_a_quantity_gets_none(quantity: Decimal | None) -> None:
    wanted: Need = need(quantity=quantity)
    right = AllocationPlan(covered=(("D1", FULL_SCORE),))
    assert check([wanted], OFFERS, RESULTS, right) == []
    wrong = replace(right, covered=(("D1", 5_000),))
    assert len(check([wanted], OFFERS, RESULTS, wrong)) == 1


def test_a_fault_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_faults([])
    plan = AllocationPlan((Allocation("D1", "S1", Decimal(9_999), FULL_SCORE),), (("D1", FULL_SCORE),))
    monkeypatch.setattr(pipeline, "allocate", lambda *_: plan)
    with pytest.raises(PlanFault, match="2 places: D1: receives 9999 of 100; S1: 9999 exceeds"):
        pipeline.finish([WANTED], OFFERS, RESULTS, POLICY, {}, AS_OF)
