from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.conditions import Reader, judge, ready_need
from matching.engine.scoring import Scorer
from matching.engine.text import index_glossary
from matching.engine.types import FULL_SCORE, Certificate, CriterionScore, Need, Offer, Phrase, Policy
from tests.engine.values_of import AS_OF, GLOSSARY, needs, offers
from tests.engine.values_of import need as a_need
from tests.engine.values_of import offer as an_offer

READER = Reader(index_glossary(GLOSSARY))
REASON = Phrase("词", "words")


def _score(
    wanted: Need, given_: Offer, policy: Policy | None = None, text: int = 5_000
) -> tuple[int, tuple[CriterionScore, ...]]:
    used = policy or Policy()
    verdicts = judge(ready_need(wanted, used, READER, AS_OF), READER.offer(given_))
    points, values = Scorer(used).score(wanted, given_, text, verdicts)
    return points, Scorer(used).tell(wanted, given_, values, verdicts, REASON)


def _value(criterion: str, wanted: Need, given_: Offer) -> int:
    return {term.criterion: term.value for term in _score(wanted, given_)[1]}[criterion]


def test_the_score_is_the_weighted_mean_of_its_terms() -> None:
    total, terms = _score(a_need(price_ceiling=Decimal(10_000)), an_offer(grades=("小巨人",)))
    weights = sum(term.weight for term in terms)
    assert total == sum(term.value * term.weight for term in terms) // weights
    assert all(term.reason.zh and term.reason.en for term in terms)


def test_what_the_need_does_not_ask_does_not_count() -> None:
    names = {term.criterion for term in _score(a_need(requirements=(), node=()), an_offer())[1]}
    assert names == {"text", "grade"}


def test_unknown_earns_nothing() -> None:
    wanted = a_need(price_ceiling=Decimal(10_000), certificates=("ISO 9001",), regions=("14",))
    given_ = an_offer(properties=(), price_low=None, certificates=(), region="")
    for criterion in ("requirements", "price", "certificates", "region"):
        assert _value(criterion, wanted, given_) == 0


@pytest.mark.parametrize(
    ("node", "value"),
    [(("a", "b", "c"), 10_000), (("a", "b", "x"), 5_000), (("a", "x"), 1_666), (("x",), 0), ((), 0)],
)
def test_deeper_nodes_count_more(node: tuple[str, ...], value: int) -> None:
    assert _value("node", a_need(node=("a", "b", "c")), an_offer(node=node)) == value


def test_the_best_grade_counts() -> None:
    assert _value("grade", a_need(), an_offer(grades=("规上", "单项冠军"))) == FULL_SCORE


def test_scores_do_not_reveal_how_far_a_price_is_from_the_ceiling() -> None:
    wanted = a_need(price_ceiling=Decimal(10_000))
    scores = {_score(wanted, an_offer(price_low=Decimal(low)))[0] for low in (1, 5_000, 10_000)}
    assert len(scores) == 1


def test_a_criterion_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such criterion"):
        _score(a_need(), an_offer(), Policy(weights=(("beauty", 1),)))


def test_no_weight_at_all_scores_nothing() -> None:
    assert _score(a_need(), an_offer(), Policy(weights=()))[0] == 0


def _raise_strength(given_: Offer, by: int) -> Offer:
    stated = [
        replace(each, low=each.low + by, high=each.high + by)
        for each in given_.properties
        if each.low is not None and each.high is not None
    ]
    return replace(given_, properties=tuple(stated))


def _better(given_: Offer, by: int) -> list[Offer]:
    """The same offer, improved in one respect each."""
    changes: list[dict[str, Any]] = [
        {"free_capacity": (given_.free_capacity or Decimal(0)) + by},
        {"grades": (*given_.grades, "单项冠军")},
        {"certificates": (*given_.certificates, Certificate("ISO 9001", "9", date(2030, 1, 1)))},
        {"node": ("up", "a", "1")},
    ]
    if given_.price_low is not None:
        changes.append({"price_low": given_.price_low / (1 + by)})
    if given_.lead_time_days is not None:
        changes.append({"lead_time_days": max(0, given_.lead_time_days - by)})
    return [replace(given_, **change) for change in changes]


@settings(max_examples=150)
@given(needs("D"), offers("S"), st.integers(0, 300))
def test_a_better_offer_never_scores_lower(wanted: Need, given_: Offer, by: int) -> None:
    wanted = replace(wanted, node=("up", "a", "1"), certificates=("ISO 9001",))
    before = _score(wanted, given_)[0]
    assert 0 <= before <= FULL_SCORE
    for better in _better(given_, by):
        assert _score(wanted, better)[0] >= before


@given(offers("S"), st.integers(1, 300))
def test_more_strength_never_scores_lower_where_more_is_wanted(given_: Offer, by: int) -> None:
    assert _score(a_need(), _raise_strength(given_, by))[0] >= _score(a_need(), given_)[0]


@given(needs("D"), offers("S"), st.integers(0, 10_000), st.integers(0, 10_000))
def test_closer_words_never_score_lower(wanted: Need, given_: Offer, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert _score(wanted, given_, text=low)[0] <= _score(wanted, given_, text=high)[0]


def test_a_later_deadline_never_scores_lower() -> None:
    scores = [_score(a_need(deliver_until=AS_OF + timedelta(days=d)), an_offer())[0] for d in (10, 30, 90)]
    assert scores == sorted(scores)
