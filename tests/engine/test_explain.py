from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from matching.engine.allocation import Agreed
from matching.engine.explain import band, gap
from matching.engine.pipeline import finish, match_shard
from matching.engine.shortage import Shortage
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
    Period,
    Phrase,
    Policy,
    Property,
)
from tests.engine.values_of import AS_OF, GLOSSARY, need, offer

NOBODY: Agreed = MappingProxyType({})


def _silent(_miss: NearMiss) -> Phrase:
    raise AssertionError("no near miss is told")


def _gap(wanted: Need, *offers: Offer, agreed: Agreed = NOBODY, out: Collection[str] = ()) -> Gap | None:
    results = match_shard([wanted], offers, Policy(), GLOSSARY, AS_OF)
    excluded = frozenset((wanted.key, key) for key in out)
    gaps = finish([wanted], offers, results, Policy(), agreed, AS_OF, GLOSSARY, excluded)[1]
    return gaps[0] if gaps else None


def _told(wanted: Need, *offers: Offer, agreed: Agreed = NOBODY, out: Collection[str] = ()) -> Phrase:
    found = _gap(wanted, *offers, agreed=agreed, out=out)
    assert found is not None
    return found.evidence


@pytest.mark.parametrize(
    ("score", "letter"), [(10_000, "A"), (7_500, "A"), (7_499, "B"), (6_000, "B"), (5_999, "C")]
)
def test_bands(score: int, letter: str) -> None:
    assert band(score, Policy()) == letter


def test_a_covered_need_has_no_gap() -> None:
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
    found = gap(need(), result, FULL_SCORE, Shortage(Counter(), 1), 0, _silent)
    assert found.type is GapType.REGION


def test_a_gap_tells_that_no_further_supplier_may_join() -> None:
    offers = [offer(f"S{at}", free_capacity=Decimal(40)) for at in range(3)]
    told = _told(need(max_suppliers=2), *offers)
    assert told.zh == (
        "有 3 条匹配供应，分配后仍有 20% 的需求量未落实："
        "1 条尚有空闲产能，但供方数量已达上限（2 家）；2 条已无空闲产能"
    )
    assert told.en == (
        "3 matching offers; after allocation 20% of the quantity is open: "
        "1 with free capacity, but the limit of 2 suppliers is reached; 2 without free capacity left"
    )


def test_agreements_use_up_the_number_of_suppliers_too() -> None:
    told = _told(need(max_suppliers=1), offer(), agreed={"D1": {"another"}})
    assert told.en == (
        "1 matching offers; after allocation 100% of the quantity is open: "
        "1 with free capacity, but the limit of 1 suppliers is reached"
    )


def test_a_gap_tells_that_what_is_left_is_no_order() -> None:
    wanted = need(quantity=Decimal(1_200), period=Period.YEAR)
    whole = offer(free_capacity=Decimal(90), minimum_order=Decimal(90 * 12))
    told = _told(wanted, whole, offer("S2", free_capacity=Decimal(60), minimum_order=Decimal(121)))
    assert (
        told.zh == "有 2 条匹配供应，分配后仍有 10% 的需求量未落实：1 条起订量高于剩余数量；1 条已无空闲产能"
    )
    fitting = offer("S2", free_capacity=Decimal(60), minimum_order=Decimal(120))
    assert _gap(wanted, whole, fitting) is None


def test_an_offer_whose_own_rest_is_no_order_is_told_alike() -> None:
    told = _told(need(), offer(free_capacity=Decimal(40), minimum_order=Decimal(50)))
    assert told.en.endswith("open: 1 with a minimum order above what is left")


def test_only_what_is_used_up_or_not_stated_blames_capacity() -> None:
    offers = [offer(free_capacity=Decimal(40)), offer("S2", free_capacity=None), offer("S3", unit="台")]
    told = _told(need(), *offers)
    assert told.en.endswith(
        "60% of the quantity is open: 1 without free capacity left; 2 without comparable free capacity"
    )


def test_excluded_matches_close_no_gap_and_are_told() -> None:
    offers = [offer(), offer("S2", free_capacity=Decimal(40))]
    assert _gap(need(), *offers) is None
    told = _told(need(), *offers, out=("S1",))
    assert told.zh == (
        "有 1 条匹配供应，分配后仍有 60% 的需求量未落实：1 条已无空闲产能；另有 1 条供应已被排除"
    )
    found = _gap(need(quantity=None), *offers, out=("S1", "S2"))
    assert found == Gap(
        "D1",
        GapType.NO_PRODUCT,
        FULL_SCORE,
        Phrase(
            "没有其他匹配供应；另有 2 条供应已被排除",
            "no other offer matches; 2 further offers have been excluded",
        ),
    )


def test_an_excluded_near_miss_is_no_example() -> None:
    near = offer(certificates=(Certificate("ISO 9001"),))
    found = _gap(need(certificates=("CRCC",)), near, out=("S1",))
    assert found is not None
    assert found.type is GapType.NO_PRODUCT
    assert found.evidence.zh == "没有其他匹配供应；另有 1 条供应已被排除"
    other = _gap(need(certificates=("CRCC",)), near, offer("S2", certificates=near.certificates), out=("S1",))
    assert other is not None
    assert other.type is GapType.CERTIFICATE
    assert "（1 条）" in other.evidence.zh
