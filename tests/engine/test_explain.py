from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from matching.engine.explain import band, gap
from matching.engine.pipeline import finish, match_shard
from matching.engine.types import (
    FULL_SCORE,
    Certificate,
    ConditionKind,
    Gap,
    GapType,
    NearMiss,
    Need,
    NeedResult,
    Offer,
    Phrase,
    Policy,
    Property,
)
from tests.engine.values_of import AS_OF, GLOSSARY, need, offer


def _silent(_miss: NearMiss) -> Phrase:
    raise AssertionError("no near miss is told")


def _gap(wanted: Need, *offers: Offer) -> Gap | None:
    results = match_shard([wanted], offers, Policy(), GLOSSARY, AS_OF)
    gaps = finish([wanted], offers, results, Policy(), {}, AS_OF, GLOSSARY)[1]
    return gaps[0] if gaps else None


@pytest.mark.parametrize(
    ("score", "letter"), [(10_000, "A"), (7_500, "A"), (7_499, "B"), (6_000, "B"), (5_999, "C")]
)
def test_bands(score: int, letter: str) -> None:
    assert band(score, Policy()) == letter


def test_a_covered_need_has_no_gap() -> None:
    assert gap(need(), NeedResult("D1"), FULL_SCORE, _silent) is None
    assert _gap(need(), offer()) is None


@pytest.mark.parametrize(
    ("wanted", "given_", "expected"),
    [
        ({}, {"title": "硅片", "node": ()}, GapType.NO_PRODUCT),
        ({}, {"free_capacity": Decimal(40)}, GapType.CAPACITY),
        ({}, {"free_capacity": Decimal(0)}, GapType.CAPACITY),
        ({}, {"minimum_order": Decimal(101)}, GapType.CAPACITY),
        ({}, {"free_capacity": None}, GapType.UNKNOWN_DATA),
        ({}, {"properties": (), "standards": ("GB/T 1",), "unit": "台"}, GapType.UNKNOWN_DATA),
        (
            {},
            {"properties": (Property("拉伸强度", Decimal(500), Decimal(500), unit="MPa"),)},
            GapType.SPECIFICATION,
        ),
        ({"certificates": ("CRCC",)}, {"certificates": (Certificate("ISO 9001"),)}, GapType.CERTIFICATE),
        ({"price_ceiling": Decimal(8_000)}, {}, GapType.PRICE),
        ({"regions": ("11",), "region_required": True}, {}, GapType.REGION),
        ({"deliver_until": date(2026, 12, 1)}, {}, GapType.DELIVERY),
    ],
)
def test_gaps_are_typed_by_what_fails(
    wanted: dict[str, Any], given_: dict[str, Any], expected: GapType
) -> None:
    found = _gap(need(**wanted), offer(**given_))
    assert found is not None
    assert found.type is expected
    assert found.evidence.zh
    assert found.evidence.en


def test_what_is_uncovered_is_told() -> None:
    found = _gap(need(), offer(free_capacity=Decimal(40)))
    assert found is not None
    assert found.uncovered == 6_000
    assert "60%" in found.evidence.zh


def test_the_commonest_reason_wins_and_is_illustrated() -> None:
    late = [offer(f"L{at}", lead_time_days=400) for at in range(2)]
    dear = offer("P0", price_low=Decimal(99_999))
    found = _gap(need(deliver_until=date(2027, 1, 1), price_ceiling=Decimal(10_000)), dear, *late)
    assert found is not None
    assert found.type is GapType.DELIVERY
    assert "2027-01-01" in found.evidence.zh


def test_a_price_gap_names_no_price() -> None:
    found = _gap(need(price_ceiling=Decimal("8765.43")), offer(price_low=Decimal("9123.45")))
    assert found is not None
    assert "8765" not in found.evidence.zh + found.evidence.en
    assert "9123" not in found.evidence.zh + found.evidence.en


def test_without_near_misses_the_excluded_speak() -> None:
    result = NeedResult("D1", retrieved=3, excluded=((ConditionKind.REGION, 2), (ConditionKind.PRICE, 1)))
    found = gap(need(), result, 0, _silent)
    assert found is not None
    assert found.type is GapType.REGION
