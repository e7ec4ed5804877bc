"""What is allocated to whom, told on lists small enough to do by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from matching.engine.allocation import allocate, bonus
from matching.engine.types import FULL_SCORE, Allocation, AllocationPlan, Glossary, Period, Policy
from tests.engine.allocating import POLICY, check, results_of
from tests.engine.values_of import need, offer


def _given(plan: AllocationPlan) -> dict[tuple[str, str], Decimal]:
    return {(a.need, a.offer): a.quantity for a in plan.allocations}


def test_one_need_takes_what_it_wants() -> None:
    plan = allocate([need()], [offer()], results_of({("D1", "S1"): 8_000}), POLICY)
    assert plan.allocations == (Allocation("D1", "S1", Decimal(100), FULL_SCORE),)
    assert plan.covered == (("D1", FULL_SCORE),)


def test_small_firms_together_cover_a_large_need() -> None:
    offers = [offer(f"S{at}", free_capacity=Decimal(40)) for at in range(3)]
    scores = {("D1", f"S{at}"): 9_000 - at for at in range(3)}
    plan = allocate([need()], offers, results_of(scores), POLICY)
    assert sum(_given(plan).values()) == 100
    assert plan.covered == (("D1", FULL_SCORE),)


def test_the_flow_beats_the_greedy_choice() -> None:
    needs_ = [need("D1", quantity=Decimal(100)), need("D2", quantity=Decimal(100))]
    offers = [offer("S1", free_capacity=Decimal(100)), offer("S2", free_capacity=Decimal(100))]
    scores = {("D1", "S1"): 9_000, ("D1", "S2"): 8_900, ("D2", "S1"): 8_000}
    plan = allocate(needs_, offers, results_of(scores), POLICY)
    assert _given(plan) == {("D1", "S2"): Decimal(100), ("D2", "S1"): Decimal(100)}
    assert plan.methods == (("flow", 1),)
    assert plan.gap == 0
    assert plan.objective == plan.bound


def test_firms_agreed_with_count_among_the_suppliers() -> None:
    wanted = need(max_suppliers=2)
    offers = [offer(f"S{at}", free_capacity=Decimal(40)) for at in range(3)]
    results = results_of({("D1", f"S{at}"): 8_000 + at for at in range(3)})
    plan = allocate([wanted], offers, results, POLICY, {"D1": {"firm-S0"}})
    assert _given(plan) == {("D1", "S0"): Decimal(40), ("D1", "S2"): Decimal(40)}
    full = allocate([wanted], offers, results, POLICY, {"D1": {"elsewhere", "nowhere"}})
    assert full.allocations == ()
    assert full.covered == (("D1", 0),)


def test_a_firm_counts_once_for_all_its_offers() -> None:
    wanted = need(max_suppliers=1)
    offers = [offer(f"S{at}", firm="one", free_capacity=Decimal(50)) for at in range(2)]
    plan = allocate([wanted], offers, results_of({("D1", f"S{at}"): 8_000 for at in range(2)}), POLICY)
    assert plan.covered == (("D1", FULL_SCORE),)


def test_quantities_are_in_the_offers_unit() -> None:
    given_ = offer(unit="kg", free_capacity=Decimal(250_000), minimum_order=None)
    plan = allocate([need()], [given_], results_of({("D1", "S1"): 8_000}), POLICY)
    assert _given(plan) == {("D1", "S1"): Decimal(100_000)}


@pytest.mark.parametrize(
    ("period", "quantity", "monthly"),
    [
        (Period.MONTH, 120, "120"),
        (Period.QUARTER, 120, "40"),
        (Period.YEAR, 120, "10"),
        (Period.ONCE, 120, "120"),
    ],
)
def test_periods_become_months(period: Period, quantity: int, monthly: str) -> None:
    wanted = need(quantity=Decimal(quantity), period=period)
    plan = allocate([wanted], [offer()], results_of({("D1", "S1"): 8_000}), POLICY)
    assert _given(plan) == {("D1", "S1"): Decimal(monthly)}


def test_a_third_is_covered_in_full() -> None:
    wanted = need(quantity=Decimal(100), period=Period.QUARTER)
    plan = allocate([wanted], [offer()], results_of({("D1", "S1"): 8_000}), POLICY)
    assert plan.covered == (("D1", FULL_SCORE),)
    assert check([wanted], [offer()], results_of({("D1", "S1"): 8_000}), plan) == []


def test_at_most_so_many_suppliers() -> None:
    wanted = need(max_suppliers=2)
    offers = [offer(f"S{at}", free_capacity=Decimal(20 + at)) for at in range(5)]
    results = results_of({("D1", f"S{at}"): 8_000 for at in range(5)})
    plan = allocate([wanted], offers, results, POLICY)
    assert _given(plan) == {("D1", "S3"): Decimal(23), ("D1", "S4"): Decimal(24)}


def test_no_award_is_below_the_minimum_order() -> None:
    offers = [
        offer("S1", free_capacity=Decimal(95), minimum_order=None),
        offer("S2", free_capacity=Decimal(95), minimum_order=Decimal(50)),
        offer("S3", free_capacity=Decimal(95), minimum_order=Decimal(5)),
    ]
    results = results_of({("D1", "S1"): 9_000, ("D1", "S2"): 8_000, ("D1", "S3"): 7_000})
    plan = allocate([need()], offers, results, POLICY)
    assert check([need()], offers, results, plan) == []
    assert plan.covered == (("D1", FULL_SCORE),)


def test_urgent_needs_come_first() -> None:
    needs_ = [need("D1"), need("D2", priority=2)]
    offers = [offer(free_capacity=Decimal(100))]
    results = results_of({("D1", "S1"): 9_900, ("D2", "S1"): 4_000})
    assert _given(allocate(needs_, offers, results, POLICY)) == {("D2", "S1"): Decimal(100)}


def test_a_need_without_quantity_is_covered_by_a_match() -> None:
    wanted = [need("D1", quantity=None), need("D2", quantity=None)]
    plan = allocate(wanted, [offer()], results_of({("D1", "S1"): 8_000}), POLICY)
    assert plan.covered == (("D1", FULL_SCORE), ("D2", 0))


def test_units_that_do_not_compare_are_not_allocated() -> None:
    plan = allocate([need()], [offer(unit="台")], results_of({("D1", "S1"): 8_000}), POLICY)
    assert plan.allocations == ()


def test_taught_units_are_used() -> None:
    wanted, given_ = need(unit="片"), offer(unit="件")
    glossary = Glossary(units=(("片", "pcs"),))
    results = results_of({("D1", "S1"): 8_000})
    assert allocate([wanted], [given_], results, POLICY).allocations == ()
    assert allocate([wanted], [given_], results, POLICY, glossary=glossary).covered == (("D1", FULL_SCORE),)


def test_huge_and_tiny_quantities_are_held() -> None:
    wanted = [need("D1", quantity=Decimal("0.000001")), need("D2", quantity=Decimal(90_000_000))]
    offers = [offer("S1", free_capacity=Decimal(10**9), minimum_order=None)]
    plan = allocate(wanted, offers, results_of({("D1", "S1"): 1, ("D2", "S1"): 1}), POLICY)
    assert dict(plan.covered)["D2"] == FULL_SCORE


def test_one_slip_of_the_pen_leaves_the_others_exact() -> None:
    wanted = [need("D1", quantity=Decimal("0.5")), need("D2", quantity=Decimal(10) ** 14)]
    offers = [offer("S1", free_capacity=Decimal("0.75"), minimum_order=None)]
    plan = allocate(wanted, offers, results_of({("D1", "S1"): 9_000, ("D2", "S1"): 1}), POLICY)
    assert _given(plan) == {("D1", "S1"): Decimal("0.5"), ("D2", "S1"): Decimal("0.25")}


def test_a_minimum_order_is_met_by_taking_from_the_better_offer() -> None:
    offers = [
        offer("S1", free_capacity=Decimal(95), minimum_order=None),
        offer("S2", free_capacity=Decimal(95), minimum_order=Decimal(20)),
    ]
    plan = allocate([need()], offers, results_of({("D1", "S1"): 9_000, ("D1", "S2"): 8_000}), POLICY)
    assert _given(plan) == {("D1", "S1"): Decimal(80), ("D1", "S2"): Decimal(20)}
    assert plan.methods == (("mip", 1),)
    assert plan.gap == 0
    assert plan.bound == plan.objective


def test_a_minimum_order_is_for_the_whole_period() -> None:
    wanted = need(quantity=Decimal(90), period=Period.QUARTER)
    offers = [offer("S1", minimum_order=Decimal(90)), offer("S2", minimum_order=Decimal(91))]
    results = results_of({("D1", "S1"): 8_000, ("D1", "S2"): 9_000})
    assert _given(allocate([wanted], offers, results, POLICY)) == {("D1", "S1"): Decimal(30)}


def test_equal_needs_share_what_is_short_in_proportion() -> None:
    wanted = [need("D1", quantity=Decimal(100)), need("D2", quantity=Decimal(300))]
    offers = [offer(free_capacity=Decimal(200))]
    plan = allocate(wanted, offers, results_of({("D1", "S1"): 8_000, ("D2", "S1"): 8_000}), POLICY)
    assert plan.covered == (("D1", 5_000), ("D2", 5_000))


def test_a_share_takes_into_account_what_others_give() -> None:
    wanted = [need("D1"), need("D2")]
    offers = [offer("S1", free_capacity=Decimal(60)), offer("S2", free_capacity=Decimal(80))]
    scores = {("D1", "S1"): 9_000, ("D1", "S2"): 8_000, ("D2", "S2"): 8_000}
    plan = allocate(wanted, offers, results_of(scores), POLICY)
    assert plan.covered == (("D1", 7_000), ("D2", 7_000))


def test_a_share_below_the_minimum_order_is_not_made() -> None:
    wanted = [need("D1"), need("D2")]
    offers = [offer(free_capacity=Decimal(100), minimum_order=Decimal(60))]
    plan = allocate(wanted, offers, results_of({("D1", "S1"): 8_000, ("D2", "S1"): 8_000}), POLICY)
    assert sorted(share for _, share in plan.covered) == [0, FULL_SCORE]


def test_a_share_does_not_add_a_supplier_too_many() -> None:
    wanted = [need("D1", max_suppliers=1), need("D2", max_suppliers=1)]
    offers = [offer("S1", free_capacity=Decimal(90)), offer("S2", free_capacity=Decimal(50))]
    scores = {(d, s): 8_000 for d in ("D1", "D2") for s in ("S1", "S2")}
    plan = allocate(wanted, offers, results_of(scores), POLICY)
    assert sorted(share for _, share in plan.covered) == [5_000, 9_000]


def test_bonuses_decide_between_equal_matches() -> None:
    policy = replace(POLICY, home_regions=("14",))
    offers = [
        offer("S1", free_capacity=Decimal(100), region="310000"),
        offer("S2", free_capacity=Decimal(100), region="140105"),
    ]
    results = results_of({("D1", "S1"): 8_000, ("D1", "S2"): 8_000})
    assert _given(allocate([need()], offers, results, policy)) == {("D1", "S2"): Decimal(100)}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"region": "140105"}, 300),
        ({"region": ""}, 0),
        ({"grades": ("专精特新", "小巨人")}, 250),
        ({"grades": ("小巨人",), "first_of_kind": True, "region": "1401"}, 850),
    ],
)
def test_bonuses_add_up_by_reason_and_the_best_grade_counts(changes: dict[str, Any], points: int) -> None:
    policy = Policy(home_regions=("14",))
    assert bonus(offer(**{"region": "310000", **changes}), policy) == points


def test_a_bonus_has_a_ceiling_and_a_sign() -> None:
    assert bonus(offer(grades=("小巨人",)), Policy(allocation_bonus=(("小巨人", 99_999),))) == 5_000
    with pytest.raises(ValueError, match="policy 7"):
        bonus(offer(), Policy(version=7, allocation_bonus=(("小巨人", -1),)))


def test_no_bonus_makes_up_for_urgency() -> None:
    policy = replace(POLICY, allocation_bonus=(("小巨人", 99_999),))
    wanted = [need("D1"), need("D2", priority=1)]
    offers = [
        offer("S1", free_capacity=Decimal(100), grades=("小巨人",)),
        offer("S2", free_capacity=Decimal(0)),
    ]
    results = results_of({("D1", "S1"): FULL_SCORE, ("D2", "S1"): 0})
    assert _given(allocate(wanted, offers, results, policy)) == {("D2", "S1"): Decimal(100)}


def test_nothing_to_allocate() -> None:
    assert allocate([], [], [], POLICY) == AllocationPlan()
    assert allocate([need()], [offer()], [], POLICY) == AllocationPlan(covered=(("D1", 0),))


def test_what_an_excluded_pair_would_take_goes_to_others() -> None:
    wanted, offers = [need(), need("D2")], [offer(free_capacity=Decimal(100))]
    results = results_of({("D1", "S1"): 9_000, ("D2", "S1"): 5_000})
    plan = allocate(wanted, offers, results, POLICY, excluded={("D1", "S1")})
    assert _given(plan) == {("D2", "S1"): Decimal(100)}
