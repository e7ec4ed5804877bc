"""What a change would do: to a need's results, and to the quantities around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.exclusions import NOTHING_EXCLUDED, Excluded
from matching.engine.pipeline import match_shard, prepare
from matching.engine.types import (
    FULL_SCORE,
    Certificate,
    ConditionKind,
    Glossary,
    Need,
    NeedResult,
    Offer,
    Operator,
    Property,
    Requirement,
)
from matching.engine.whatif import (
    Change,
    Changed,
    Effect,
    OfferChanged,
    OtherDimension,
    Relaxable,
    Situation,
    TooLarge,
    Waived,
    Withdrawn,
    changed_need,
    compare,
    relaxable,
    rematch,
)
from tests.engine.allocating import POLICY
from tests.engine.values_of import AS_OF, STRENGTH, markets, need, offer

NO_GLOSSARY = Glossary()
FULL = need(
    price_ceiling=Decimal(9_500),
    certificates=("ISO 9001",),
    regions=("14",),
    region_required=True,
    deliver_until=date(2027, 3, 1),
)


def _matches(results: tuple[NeedResult, ...]) -> dict[str, set[str]]:
    return {result.need: {match.offer for match in result.matches} for result in results}


def _rematched(change: Change | None, needs: list[Need], offers: list[Offer]) -> tuple[NeedResult, ...]:
    return rematch(change, needs, prepare(offers, POLICY, NO_GLOSSARY), POLICY, AS_OF)


def _effect(
    change: Change, needs: list[Need], offers: list[Offer], excluded: Excluded = NOTHING_EXCLUDED
) -> Effect:
    index = prepare(offers, POLICY, NO_GLOSSARY)
    before = Situation(needs, offers, rematch(None, needs, index, POLICY, AS_OF))
    after = before.changed(change, rematch(change, needs, index, POLICY, AS_OF), index.reader.glossary.units)
    return compare(before, after, POLICY, {}, AS_OF, NO_GLOSSARY, excluded)


def test_the_conditions_of_a_need_that_can_be_asked_about() -> None:
    assert relaxable(FULL, POLICY) == (
        Relaxable(ConditionKind.PARAMETER, 0, "抗拉强度", "≥690 MPa", True, True),
        Relaxable(ConditionKind.CERTIFICATE, 0, "ISO 9001", "ISO 9001", True, False),
        Relaxable(ConditionKind.CAPACITY, 0, "capacity", "100 吨", False, True),
        Relaxable(ConditionKind.PRICE, 0, "price", "≤9500 元/吨", True, True),
        Relaxable(ConditionKind.REGION, 0, "region", "14", True, True),
        Relaxable(ConditionKind.DELIVERY, 0, "delivery", "2027-03-01", True, True),
    )
    lenient = replace(POLICY, gates=())
    soft = replace(FULL, region_required=False, requirements=(replace(STRENGTH, hard=False),))
    waivable = [one.kind for one in relaxable(soft, lenient) if one.waivable]
    assert waivable == [ConditionKind.DELIVERY]
    assert ConditionKind.CERTIFICATE not in {one.kind for one in relaxable(soft, lenient)}


@pytest.mark.parametrize(
    ("kind", "to", "expected"),
    [
        (ConditionKind.PARAMETER, "650", {"requirements": (replace(STRENGTH, low=Decimal(650)),)}),
        (
            ConditionKind.PARAMETER,
            "≥0.65GPa",
            {"requirements": (replace(STRENGTH, low=Decimal("0.65"), unit="GPa"),)},
        ),
        (
            ConditionKind.PARAMETER,
            "600~700",
            {
                "requirements": (
                    Requirement("抗拉强度", Operator.BETWEEN, Decimal(600), Decimal(700), unit="MPa"),
                )
            },
        ),
        (ConditionKind.CAPACITY, "1,200", {"quantity": Decimal(1_200)}),
        (ConditionKind.PARAMETER, "650 MPa", {"requirements": (replace(STRENGTH, low=Decimal(650)),)}),
        (
            ConditionKind.PARAMETER,
            "=650MPa",
            {
                "requirements": (
                    Requirement("抗拉强度", Operator.EQUAL, Decimal(650), Decimal(650), unit="MPa"),
                )
            },
        ),
        (ConditionKind.CAPACITY, f"1,200 {FULL.unit}/月", {"quantity": Decimal(1_200)}),
        (ConditionKind.PRICE, "9800.5", {"price_ceiling": Decimal("9800.5")}),
        (ConditionKind.PRICE, f"≤0.98万元/{FULL.unit}", {"price_ceiling": Decimal(9_800)}),
        (ConditionKind.DELIVERY, "2027年5月1日", {"deliver_until": date(2027, 5, 1)}),
        (ConditionKind.DELIVERY, "2027/5/1", {"deliver_until": date(2027, 5, 1)}),
        (ConditionKind.DELIVERY, "20270501", {"deliver_until": date(2027, 5, 1)}),
        (ConditionKind.REGION, "1401、1402", {"regions": ("1401", "1402")}),
        (ConditionKind.DELIVERY, "2027-05-01", {"deliver_until": date(2027, 5, 1)}),
    ],
)
def test_a_condition_asks_for_something_else(
    kind: ConditionKind, to: str, expected: dict[str, object]
) -> None:
    assert changed_need(FULL, Changed("D1", kind, 0, to)) == replace(FULL, **expected)  # type: ignore[arg-type]


def test_words_are_changed_to_words() -> None:
    grade = need(requirements=(Requirement("材质", Operator.EQUAL, values=("Q355B",)),))
    changed = changed_need(grade, Changed("D1", ConditionKind.PARAMETER, 0, "Q355B/Q390B"))
    assert changed.requirements == (Requirement("材质", Operator.ONE_OF, values=("Q355B", "Q390B")),)


@pytest.mark.parametrize(
    ("kind", "ordinal", "to"),
    [
        (ConditionKind.PARAMETER, 1, "650"),
        (ConditionKind.PARAMETER, 0, "尽量高"),
        (ConditionKind.CAPACITY, 0, "0"),
        (ConditionKind.CAPACITY, 0, "NaN"),
        (ConditionKind.PRICE, 0, "便宜"),
        (ConditionKind.PRICE, 0, "1e400"),
        (ConditionKind.DELIVERY, 0, "2027-02-30"),
        (ConditionKind.REGION, 0, "山西"),
        (ConditionKind.REGION, 0, " "),
        (ConditionKind.DELIVERY, 0, "明年"),
        (ConditionKind.CERTIFICATE, 0, "ISO 14001"),
    ],
)
def test_what_says_nothing_is_refused(kind: ConditionKind, ordinal: int, to: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        changed_need(FULL, Changed("D1", kind, ordinal, to))


@pytest.mark.parametrize(
    ("kind", "to", "refusal"),
    [
        (ConditionKind.PARAMETER, "650 mm", OtherDimension),
        (ConditionKind.CAPACITY, "12 ℃", OtherDimension),
        (ConditionKind.PRICE, "12 元/℃", OtherDimension),
        (ConditionKind.PRICE, "12 ℃", OtherDimension),
        (ConditionKind.CAPACITY, "1e99", TooLarge),
        (ConditionKind.PARAMETER, "1e99 MPa", TooLarge),
    ],
)
def test_another_dimension_and_absurd_numbers_are_named(
    kind: ConditionKind, to: str, refusal: type[ValueError]
) -> None:
    with pytest.raises(refusal):
        changed_need(FULL, Changed("D1", kind, 0, to))


@pytest.mark.parametrize(
    ("kind", "worse"),
    [
        (
            ConditionKind.PARAMETER,
            {"properties": (Property("抗拉强度", Decimal(600), Decimal(600), unit="MPa"),)},
        ),
        (ConditionKind.CERTIFICATE, {"certificates": (Certificate("ISO 14001"),)}),
        (ConditionKind.PRICE, {"price_low": Decimal(9_600)}),
        (ConditionKind.REGION, {"region": "310000"}),
        (ConditionKind.DELIVERY, {"lead_time_days": 300}),
    ],
)
def test_waiving_admits_who_fails_by_that_condition_alone(
    kind: ConditionKind, worse: dict[str, object]
) -> None:
    offers = [offer("S1"), offer("S2", **worse), offer("S3", **worse, free_capacity=Decimal(0))]
    assert _matches(_rematched(None, [FULL], offers)) == {"D1": {"S1"}}
    (result,) = _rematched(Waived("D1", kind), [FULL], offers)
    assert {match.offer for match in result.matches} == {"S1", "S2"}
    assert result.near_misses == ()
    assert (
        result.excluded == ((kind, 1),) if kind < ConditionKind.CAPACITY else ((ConditionKind.CAPACITY, 1),)
    )
    admitted = next(match for match in result.matches if match.offer == "S2")
    assert admitted.feasible
    assert not any(verdict.hard for verdict in admitted.conditions if verdict.kind is kind)


def test_only_the_named_one_of_several_requirements_is_waived() -> None:
    hardness = Requirement("硬度", Operator.AT_LEAST, low=Decimal(50), unit="HRC")
    wanted = need(requirements=(STRENGTH, hardness))
    stated = (
        Property("抗拉强度", Decimal(720), Decimal(720), unit="MPa"),
        Property("硬度", Decimal(40), Decimal(40), unit="HRC"),
    )
    offers = [offer("S1", properties=stated)]
    assert _matches(_rematched(Waived("D1", ConditionKind.PARAMETER, 0), [wanted], offers)) == {"D1": set()}
    assert _matches(_rematched(Waived("D1", ConditionKind.PARAMETER, 1), [wanted], offers)) == {"D1": {"S1"}}


def test_more_offers_than_are_told_as_near_misses_are_admitted() -> None:
    offers = [offer(f"S{at}", price_low=Decimal(9_600)) for at in range(9)]
    (before,) = _rematched(None, [FULL], offers)
    assert len(before.near_misses) == POLICY.near_misses
    assert len(_matches(_rematched(Waived("D1", ConditionKind.PRICE), [FULL], offers))["D1"]) == len(offers)


def test_a_relaxed_bound_is_judged_like_any_other() -> None:
    offers = [offer("S1", price_low=Decimal(9_600)), offer("S2", price_low=Decimal(9_900))]
    change = Changed("D1", ConditionKind.PRICE, 0, "9700")
    assert _matches(_rematched(change, [FULL], offers)) == {"D1": {"S1"}}


def test_when_a_firm_drops_out_others_take_over() -> None:
    needs_ = [need("D1"), need("D2")]
    offers = [
        offer("S1", free_capacity=Decimal(100)),
        offer("S2", free_capacity=Decimal(130), title="矿用圆环链条 国标"),
    ]
    effect = _effect(Withdrawn(frozenset({"S1"})), needs_, offers)
    lost = {(pair.need, pair.offer) for pair in effect.pairs if pair.after is None}
    assert lost == {("D1", "S1"), ("D2", "S1")}
    assert sum(one.before for one in effect.needs) == 2 * FULL_SCORE
    assert sum(one.after for one in effect.needs) == FULL_SCORE * 13 // 10
    assert all(one.gap_before is None for one in effect.needs)
    assert all(one.gap_after is not None for one in effect.needs if one.after < FULL_SCORE)


def test_who_leaves_makes_room_among_the_candidates() -> None:
    narrow = replace(POLICY, candidates=1)
    offers = [offer("S1"), offer("S2")]
    index = prepare(offers, narrow, NO_GLOSSARY)
    (before,) = rematch(None, [need()], index, narrow, AS_OF)
    (first,) = (match.offer for match in before.matches)
    (after,) = rematch(Withdrawn(frozenset({first})), [need()], index, narrow, AS_OF)
    assert {match.offer for match in after.matches} == {"S1", "S2"} - {first}
    assert after.retrieved == 1


def test_an_offer_gives_more() -> None:
    offers = [offer("S1", free_capacity=Decimal(0))]
    effect = _effect(OfferChanged("S1", free_capacity=Decimal(60)), [need()], offers)
    (pair,) = effect.pairs
    assert pair.before is None
    assert pair.after is not None
    assert (pair.after.quantity, pair.after.share) == (Decimal(60), 6_000)
    (changed,) = effect.needs
    assert (changed.before, changed.after) == (0, 6_000)
    assert changed.gap_before is not None
    assert changed.gap_before.uncovered == FULL_SCORE


def test_an_offer_takes_smaller_orders() -> None:
    offers = [offer("S1", minimum_order=Decimal(500))]
    assert (
        _effect(OfferChanged("S1", minimum_order=Decimal(50)), [need()], offers).needs[0].after == FULL_SCORE
    )


def test_what_stays_as_it_is_is_not_told() -> None:
    assert _effect(OfferChanged("S1", free_capacity=Decimal(300)), [need()], [offer()]) == Effect()


def test_capacity_given_elsewhere_is_not_there() -> None:
    situation = Situation([need()], [offer(), offer("S2", free_capacity=None)], ())
    left = situation.less({"S1": Decimal(150), "S2": Decimal(1), "S9": Decimal(1)})
    assert [one.free_capacity for one in left.offers] == [Decimal(50), None]
    assert situation.less({"S1": Decimal(201)}).offers[0].free_capacity == 0


def test_open_questions_of_a_gained_match_are_counted() -> None:
    offers = [offer("S1", price_low=Decimal(9_600), properties=())]
    (pair,) = _effect(Waived("D1", ConditionKind.PRICE), [FULL], offers).pairs
    assert pair.open_questions == 1


@settings(max_examples=60)
@given(markets(most=6), st.data())
def test_waiving_loses_nothing_and_nothing_is_changed_by_no_change(
    market: tuple[list[Need], list[Offer]], data: st.DataObject
) -> None:
    needs_, offers = market
    before = _rematched(None, needs_, offers)
    assert before == match_shard(needs_, offers, POLICY, NO_GLOSSARY, AS_OF)
    wanted = data.draw(st.sampled_from(needs_))
    conditions = [one for one in relaxable(wanted, POLICY) if one.waivable]
    if conditions:
        one = data.draw(st.sampled_from(conditions))
        (after,) = _rematched(Waived(wanted.key, one.kind, one.ordinal), [wanted], offers)
        assert _matches(before)[wanted.key] <= {match.offer for match in after.matches}


@settings(max_examples=40)
@given(markets(most=6), st.sampled_from(("member-a", "member-b")))
def test_a_firm_dropping_out_is_a_run_without_it(market: tuple[list[Need], list[Offer]], firm: str) -> None:
    needs_, offers = market
    gone = frozenset(one.key for one in offers if one.firm == firm)
    found = _rematched(Withdrawn(gone), needs_, offers)
    before = _rematched(None, needs_, offers)
    for result, old in zip(found, before, strict=True):
        assert result.matches == tuple(match for match in old.matches if match.offer not in gone)


def test_an_excluded_pair_takes_over_nothing() -> None:
    offers = [offer(), offer("S2"), offer("S3")]
    withdrawn = Withdrawn(frozenset({"S1"}))
    effect = _effect(withdrawn, [need()], offers, excluded={("D1", "S2"), ("D1", "S3")})
    assert [(one.before, one.after) for one in effect.needs] == [(FULL_SCORE, 0)]
    assert [(one.offer, one.after) for one in effect.pairs] == [("S1", None)]
    dear = offer(price_low=Decimal(99_999))
    waived = Waived("D1", ConditionKind.PRICE)
    assert _effect(waived, [need(price_ceiling=Decimal(1))], [dear], excluded={("D1", "S1")}) == Effect()


def test_a_need_that_stays_open_for_the_same_reason_is_not_told() -> None:
    offers = [offer(free_capacity=Decimal(40)), offer("S2", free_capacity=None)]
    effect = _effect(Withdrawn(frozenset({"S2"})), [need()], offers)
    assert effect.needs == ()
    assert [one.offer for one in effect.pairs] == ["S2"]
