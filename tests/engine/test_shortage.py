"""What holds the matches of a need back, read from plans that are given."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from matching.engine.allocation import Agreed
from matching.engine.shortage import Hindrance, Shortages
from matching.engine.text import index_glossary
from matching.engine.types import Allocation, AllocationPlan, Glossary, Offer
from tests.engine.allocating import POLICY, results_of
from tests.engine.values_of import need, offer

UNITS = index_glossary(Glossary()).units


def _hindered(
    offers: list[Offer], *allocations: Allocation, agreed: Agreed | None = None, most: int = 1
) -> Counter[Hindrance]:
    (result,) = results_of({("D1", each.key): 8_000 for each in offers})
    shortages = Shortages(offers, AllocationPlan(allocations), POLICY, agreed or {}, UNITS)
    found = shortages.of(need(max_suppliers=most), result.matches)
    assert found.most == most
    return found.hindered


def _order(need_key: str, offer_key: str, quantity: str) -> Allocation:
    return Allocation(need_key, offer_key, Decimal(quantity), 1)


def test_a_plan_that_leaves_capacity_unused_is_not_blamed_on_a_limit() -> None:
    assert _hindered([offer()]) == {Hindrance.NOT_USED: 1}
    assert _hindered([offer(minimum_order=Decimal(60))], _order("D1", "S1", "60")) == {Hindrance.NOT_USED: 1}


def test_what_other_needs_have_is_used_up() -> None:
    assert _hindered([offer()], _order("D2", "S1", "200")) == {Hindrance.USED_UP: 1}
    # Less than a step is left.
    assert _hindered([offer()], _order("D2", "S1", "199.99")) == {Hindrance.USED_UP: 1}
    assert _hindered([offer()], _order("D2", "S1", "197")) == {Hindrance.MINIMUM_ORDER: 1}


@pytest.mark.parametrize(
    ("firm", "agreed", "expected"),
    [
        ("other", {}, Hindrance.SUPPLIERS),
        ("firm-S1", {}, Hindrance.NOT_USED),
        ("other", {"D1": {"other"}}, Hindrance.NOT_USED),
        ("other", {"D2": {"other"}}, Hindrance.SUPPLIERS),
    ],
)
def test_firms_that_supply_the_need_already_take_no_further_place(
    firm: str, agreed: Agreed, expected: Hindrance
) -> None:
    offers = [offer(free_capacity=Decimal(50)), offer("S2", firm=firm)]
    found = _hindered(offers, _order("D1", "S1", "50"), agreed=agreed)
    assert found == {Hindrance.USED_UP: 1, expected: 1}


@pytest.mark.parametrize("given", [{"free_capacity": None}, {"unit": "台"}, {"unit": "℃"}])
def test_capacity_that_does_not_compare_is_not_stated(given: dict[str, Any]) -> None:
    assert _hindered([offer(**given)]) == {Hindrance.NOT_STATED: 1}


def test_units_of_the_same_kind_compare() -> None:
    given = offer(unit="kg", free_capacity=Decimal(200_000), minimum_order=Decimal(100_001))
    assert _hindered([given]) == {Hindrance.MINIMUM_ORDER: 1}
