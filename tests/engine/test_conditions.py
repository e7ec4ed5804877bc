from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.conditions import Reader, as_text, compare, failing, from_text, judge, ready_need, tell
from matching.engine.text import index_glossary
from matching.engine.types import (
    Certificate,
    ConditionKind,
    ConditionResult,
    Need,
    Offer,
    Operator,
    Outcome,
    Period,
    Policy,
    Property,
    Requirement,
)
from matching.engine.values import parse_property, parse_requirement
from tests.engine.values_of import AS_OF, GLOSSARY, markets, need, offer

READER = Reader(index_glossary(GLOSSARY))
MET, UNMET, UNKNOWN = Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN


def _all(wanted: Need, given_: Offer, policy: Policy | None = None) -> tuple[ConditionResult, ...]:
    ready, held = ready_need(wanted, policy or Policy(), READER, AS_OF), READER.offer(given_)
    return tell(ready, held, judge(ready, held))


def _one(kind: ConditionKind, wanted: Need, given_: Offer, policy: Policy | None = None) -> ConditionResult:
    (found,) = [result for result in _all(wanted, given_, policy) if result.kind is kind]
    return found


def _parameter(requirement: str, stated: str, name: str = "性能") -> ConditionResult:
    wanted = need(requirements=(parse_requirement(name, requirement),))
    return _one(ConditionKind.PARAMETER, wanted, offer(properties=(parse_property(name, stated),)))


@pytest.mark.parametrize(
    ("wanted", "stated", "outcome"),
    [
        ("≥690MPa", "720MPa", MET),
        ("≥690MPa", "0.72GPa", MET),
        ("≥690MPa", "690MPa", MET),
        (">690MPa", "690MPa", UNMET),
        ("≥690MPa", "680MPa", UNMET),
        ("≥690MPa", "≥720MPa", MET),
        ("≥690MPa", "≥650MPa", UNMET),
        ("≥690MPa", "≤650MPa", UNMET),
        ("≥690MPa", "≤800MPa", UNKNOWN),
        ("≥690MPa", "600~700MPa", MET),
        ("≥690MPa", "720", UNKNOWN),
        ("≥690MPa", "720mm", UNKNOWN),
        ("≥690MPa", "约720MPa", UNKNOWN),
        ("≤0.5%", "3‰", MET),
        ("≤0.5%", "0.6%", UNMET),
        ("≤0.5%", "≤0.3%", MET),
        ("<0.5%", "≤0.5%", UNMET),
        ("≤0.5%", "≥0.6%", UNMET),
        ("≤0.5%", "≥0.1%", UNKNOWN),
        ("3±0.1mm", "3.05mm", MET),
        ("3±0.1mm", "3.2mm", UNMET),
        ("3±0.1mm", "3±0.05mm", MET),
        ("3±0.1mm", "3±0.1mm", MET),
        ("3±0.1mm", "3±0.5mm", UNMET),
        ("3±0.1mm", "3 +0.05/-0.2mm", UNMET),
        ("3±0.1mm", "1~10mm", MET),
        ("3mm", "3±0.5mm", MET),
        ("≥690MPa", "700±20MPa", UNMET),
        ("≥690MPa", "720±20MPa", MET),
        ("≤720MPa", "710±20MPa", UNMET),
        ("3~5mm", "2~4mm", MET),
        ("3~5mm", "6~9mm", UNMET),
        ("3~5mm", "≥4mm", UNKNOWN),
        ("3~5mm", "≥6mm", UNMET),
        ("840mm", "84cm", MET),
        ("840mm", "800~900mm", MET),
        ("840mm", "841mm", UNMET),
        ("304/316L", "06Cr19Ni10", MET),
        ("304", "S30408", MET),
        ("304", "316L", UNMET),
        ("TC4", "TC-4", MET),
        ("表面光滑、无裂纹、无锈蚀等缺陷", "表面良好", UNKNOWN),
        ("镀锌", "热镀锌", UNKNOWN),
        ("单晶", "多晶", UNMET),
        ("IP65", "IP67", MET),
        ("IP65", "IP54", UNMET),
        ("12K", "24K", UNMET),
        ("±0.1mm", "±0.05mm", MET),
        ("±0.1mm", "±0.2mm", UNMET),
    ],
)
def test_parameters(wanted: str, stated: str, outcome: Outcome) -> None:
    assert _parameter(wanted, stated).outcome is outcome


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        ("-45~90℃", MET),
        ("-40~85℃", MET),
        ("-20~60℃", UNMET),
        ("233.15~360K", MET),
        ("20±70℃", MET),
        ("20±40℃", UNMET),
    ],
)
def test_a_working_range_must_be_covered_whole(stated: str, outcome: Outcome) -> None:
    assert _parameter("-40~85℃", stated, "工作温度").outcome is outcome


def test_sentence_and_values_compare_in_the_needs_unit() -> None:
    result = _parameter("≥0.69GPa", "720MPa", "抗拉强度")
    assert result.sentence.zh == "抗拉强度：要求 ≥0.69 GPa，供方 0.72 GPa，满足"
    assert result.sentence.en == "抗拉强度: required ≥0.69 GPa, offered 0.72 GPa, met"
    assert (result.wanted, result.offered) == ("≥0.69 GPa", "0.72 GPa")


def test_the_shortfall_is_relative_to_what_is_wanted() -> None:
    assert _parameter("≥800MPa", "720MPa").shortfall == 1_000
    assert _parameter("≥80℃", "70℃").shortfall is None
    assert _parameter("≥800MPa", "820MPa").shortfall is None


def test_a_missing_property_is_unknown_and_asks() -> None:
    result = _one(ConditionKind.PARAMETER, need(), offer(properties=()))
    assert result.outcome is UNKNOWN
    assert result.question is not None
    assert "≥690 MPa" in result.question.zh
    assert "抗拉强度" in result.question.en


def test_a_grade_named_in_the_title_answers() -> None:
    wanted = need(requirements=(parse_requirement("材质", "06Cr19Ni10"),))
    assert _one(ConditionKind.PARAMETER, wanted, offer(title="S30408 不锈钢板")).outcome is MET
    assert _one(ConditionKind.PARAMETER, wanted, offer(title="不锈钢板")).outcome is UNKNOWN


def test_the_best_of_several_rows_speaks() -> None:
    rows = tuple(parse_property("拉伸强度", text) for text in ("600MPa", "约 700", "700MPa"))
    assert _one(ConditionKind.PARAMETER, need(), offer(properties=rows)).outcome is MET


def test_soft_requirements_do_not_gate_unless_the_policy_says_so() -> None:
    soft = need(requirements=(replace(parse_requirement("抗拉强度", "≥900MPa"), hard=False),))
    assert failing(_all(soft, offer())) is None
    gated = failing(_all(soft, offer(), Policy(gates=(ConditionKind.PARAMETER,))))
    assert gated is not None
    assert gated.kind is ConditionKind.PARAMETER


def test_a_tolerance_is_told_as_one_and_by_how_much_it_is_too_wide() -> None:
    result = _parameter("3±0.1mm", "3±0.5mm")
    assert (result.wanted, result.offered) == ("2.9～3.1 mm", "3±0.5 mm")
    assert result.shortfall == 1379  # 0.4 mm of 2.9


def test_a_tolerance_of_degrees_is_too_wide_by_no_share() -> None:
    result = _parameter("≤60℃", "60±5℃")
    assert (result.outcome, result.shortfall) == (UNMET, None)


@pytest.mark.parametrize(
    ("wanted", "listed", "outcome"),
    [
        ("GB/T 1591-2018", "GB/T 1591-2018", MET),
        ("GB/T 1591-2018", "GB/T 1591", MET),
        ("GB/T 1591", "GB/T 1591-2008", MET),
        ("GB/T 1591-2008", "GB/T 1591-2018", MET),
        ("GB/T 1591-2018", "GB/T 1591-2008", UNKNOWN),
        ("GB 699-1999", "GB 699-88", UNKNOWN),
    ],
)
def test_an_older_edition_of_a_standard_is_a_question(wanted: str, listed: str, outcome: Outcome) -> None:
    result = _one(ConditionKind.STANDARD, need(standards=(wanted,)), offer(standards=(listed,)))
    assert (result.outcome, result.question is None) == (outcome, outcome is MET)


@pytest.mark.parametrize(
    ("listed", "outcome"), [(("GB/T 12718-2009",), MET), (("MT/T 929",), UNKNOWN), ((), UNKNOWN)]
)
def test_standards(listed: tuple[str, ...], outcome: Outcome) -> None:
    result = _one(ConditionKind.STANDARD, need(standards=("GB/T12718",)), offer(standards=listed))
    assert (result.outcome, result.hard) == (outcome, True)


def test_a_standard_that_is_only_mentioned_is_soft() -> None:
    result = _one(
        ConditionKind.STANDARD, need(description="按GB/T 12718制造"), offer(standards=("MT/T 929",))
    )
    assert (result.outcome, result.hard) == (UNKNOWN, False)


@pytest.mark.parametrize(
    ("held", "outcome"),
    [
        ((Certificate("ISO9001质量管理体系认证", "1", date(2027, 1, 1)),), MET),
        ((Certificate("iso 9001:2015"),), MET),
        ((Certificate("ISO 9001", "1", AS_OF),), MET),
        ((Certificate("ISO 9001", "1", AS_OF - timedelta(days=1)),), UNMET),
        ((Certificate("ISO 14001"),), UNMET),
        ((), UNKNOWN),
    ],
)
def test_certificates(held: tuple[Certificate, ...], outcome: Outcome) -> None:
    wanted = need(certificates=("ISO 9001",))
    assert _one(ConditionKind.CERTIFICATE, wanted, offer(certificates=held)).outcome is outcome


def test_an_expired_certificate_names_its_date() -> None:
    held = (Certificate("ISO 9001", "1", date(2026, 5, 1)), Certificate("ISO 9001", "2", date(2026, 6, 30)))
    result = _one(ConditionKind.CERTIFICATE, need(certificates=("ISO 9001",)), offer(certificates=held))
    assert "2026-06-30" in result.sentence.zh
    assert "2026-06-30" in result.sentence.en


@pytest.mark.parametrize(
    ("free", "unit", "outcome", "shortfall"),
    [
        ("200", "吨", MET, None),
        ("100000", "kg", MET, None),
        ("40", "吨", MET, 6_000),
        ("0", "吨", UNMET, 10_000),
        ("200", "件", UNKNOWN, None),
    ],
)
def test_capacity(free: str, unit: str, outcome: Outcome, shortfall: int | None) -> None:
    result = _one(ConditionKind.CAPACITY, need(), offer(free_capacity=Decimal(free), unit=unit))
    assert (result.outcome, result.shortfall) == (outcome, shortfall)


def test_capacity_not_stated_is_unknown() -> None:
    assert _one(ConditionKind.CAPACITY, need(), offer(free_capacity=None)).outcome is UNKNOWN


def test_a_yearly_quantity_is_spread_over_its_months() -> None:
    yearly = need(quantity=Decimal(1200), period=Period.YEAR)
    assert _one(ConditionKind.CAPACITY, yearly, offer(free_capacity=Decimal(100))).shortfall is None


def test_no_quantity_has_no_capacity_condition() -> None:
    assert ConditionKind.CAPACITY not in {result.kind for result in _all(need(quantity=None), offer())}


@pytest.mark.parametrize(
    ("least", "unit", "outcome"), [("100", "吨", MET), ("100001", "kg", UNMET), ("1", "台", UNKNOWN)]
)
def test_minimum_order(least: str, unit: str, outcome: Outcome) -> None:
    result = _one(ConditionKind.MINIMUM_ORDER, need(), offer(minimum_order=Decimal(least), unit=unit))
    assert result.outcome is outcome


@pytest.mark.parametrize(
    ("ceiling", "low", "unit", "outcome"),
    [
        ("9876", "9876", "吨", MET),
        ("9876", "9.877", "kg", UNMET),
        ("9876", "9.875", "kg", MET),
        ("9876", None, "吨", UNKNOWN),
        ("9876", "1", "件", UNKNOWN),
    ],
)
def test_price(ceiling: str, low: str | None, unit: str, outcome: Outcome) -> None:
    stated = None if low is None else Decimal(low)
    result = _one(
        ConditionKind.PRICE, need(price_ceiling=Decimal(ceiling)), offer(price_low=stated, unit=unit)
    )
    assert result.outcome is outcome
    told = result.sentence.zh + result.sentence.en
    if result.question:
        told += result.question.zh + result.question.en
    assert not any(sign.isdigit() for sign in told)


@pytest.mark.parametrize(
    ("regions", "region", "outcome"),
    [
        (("14",), "140105", MET),
        (("140000",), "140105", MET),
        (("1402", "1401"), "140105", MET),
        (("11",), "140105", UNMET),
        (("1401",), "14", UNKNOWN),
        (("14",), "", UNKNOWN),
    ],
)
@pytest.mark.parametrize("required", [True, False])
def test_region(regions: tuple[str, ...], region: str, outcome: Outcome, required: bool) -> None:
    wanted = need(regions=regions, region_required=required)
    result = _one(ConditionKind.REGION, wanted, offer(region=region))
    assert (result.outcome, result.hard) == (outcome, required)


@pytest.mark.parametrize(("days", "outcome"), [(30, MET), (31, UNMET), (None, UNKNOWN)])
def test_delivery(days: int | None, outcome: Outcome) -> None:
    wanted = need(deliver_until=AS_OF + timedelta(days=30))
    assert _one(ConditionKind.DELIVERY, wanted, offer(lead_time_days=days)).outcome is outcome


@given(markets(most=4))
def test_unknown_always_asks_and_nothing_else_does(market: tuple[list[Need], list[Offer]]) -> None:
    for wanted in market[0]:
        for given_ in market[1]:
            for result in _all(wanted, given_):
                assert (result.question is not None) == (result.outcome is UNKNOWN)


@given(st.integers(1, 2_000), st.integers(1, 2_000), st.sampled_from(Operator))
def test_the_unit_in_which_a_value_is_written_changes_nothing(
    want: int, have: int, operator: Operator
) -> None:
    wanted = Requirement("强度", operator, Decimal(want), Decimal(want), unit="MPa")
    same = Requirement("强度", operator, Decimal(want) / 1000, Decimal(want) / 1000, unit="GPa")
    stated = Property("强度", Decimal(have), Decimal(have), unit="MPa")
    inverse = Property("强度", Decimal(have) * 1000, Decimal(have) * 1000, unit="kPa")
    results = {compare(r, p) for r in (wanted, same) for p in (stated, inverse)}
    assert len(results) == 1


@given(st.integers(1, 999), st.integers(1, 999), st.integers(0, 99))
def test_a_wider_capability_never_meets_less(want: int, low: int, wider: int) -> None:
    for operator in Operator:
        wanted = Requirement("厚度", operator, Decimal(want), Decimal(want + 5), unit="mm")
        narrow = Property("厚度", Decimal(low), Decimal(low + 9), unit="mm")
        wide = Property("厚度", Decimal(low - wider), Decimal(low + 9 + wider), unit="mm")
        if compare(wanted, narrow)[0] is MET:
            assert compare(wanted, wide)[0] is MET


def test_price_and_quantities_are_shown_in_the_needs_unit() -> None:
    wanted = need(quantity=Decimal(100), unit="吨", price_ceiling=Decimal(9_500))
    given = offer(
        unit="kg", free_capacity=Decimal(200_000), minimum_order=Decimal(5_000), price_low=Decimal("9.2")
    )
    shown = {result.kind: (result.wanted, result.offered) for result in _all(wanted, given)}
    assert shown[ConditionKind.CAPACITY] == ("100 吨/月", "200 吨/月")
    assert shown[ConditionKind.MINIMUM_ORDER] == ("100 吨", "≥5 吨")
    assert shown[ConditionKind.PRICE] == ("≤9500 元/吨", "9200 元/吨")


@given(markets(most=4))
def test_what_is_told_is_what_was_judged(market: tuple[list[Need], list[Offer]]) -> None:
    for wanted in market[0]:
        ready = ready_need(wanted, Policy(), READER, AS_OF)
        for given_ in market[1]:
            verdicts = judge(ready, READER.offer(given_))
            told = tell(ready, READER.offer(given_), verdicts)
            assert [(one.kind, one.hard, one.outcome, one.shortfall) for one in told] == list(verdicts)


@given(markets(most=4))
def test_verdicts_come_back_from_their_text(market: tuple[list[Need], list[Offer]]) -> None:
    for wanted in market[0]:
        for given_ in market[1]:
            verdicts = judge(ready_need(wanted, Policy(), READER, AS_OF), READER.offer(given_))
            assert from_text(as_text(verdicts)) == verdicts


def test_the_text_of_verdicts_is_short() -> None:
    wanted = need(regions=("11",), price_ceiling=Decimal(8_000))
    ready = ready_need(wanted, Policy(), READER, AS_OF)
    assert as_text(judge(ready, READER.offer(offer(properties=())))) == "P? Q+ M+ Y-1250 r-"


def test_a_condition_that_nobody_judged_is_not_told() -> None:
    ready = ready_need(need(certificates=("ISO 9001", "CRCC")), Policy(), READER, AS_OF)
    told = tell(ready, READER.offer(offer()), from_text("C+ Q+"))
    assert [(one.kind, one.name) for one in told] == [
        (ConditionKind.CERTIFICATE, "ISO 9001"),
        (ConditionKind.CAPACITY, "capacity"),
    ]
