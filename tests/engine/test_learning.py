"""Learning from decisions: it finds hidden weights, and says so when there is nothing to find."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from matching.engine.learning import Judged, Lesson, Measure, Source, Verdict, learn
from matching.engine.learning.evidence import evidence
from matching.engine.learning.fitting import fit, model, whole
from matching.engine.learning.measuring import figure, measures
from matching.engine.types import Policy
from tests.engine.decisions import CRITERIA, decided, judged, score

HIDDEN = {
    "text": 10,
    "node": 5,
    "requirements": 50,
    "certificates": 5,
    "price": 5,
    "delivery": 20,
    "region": 2,
    "grade": 3,
}
PRESENT = dict(Policy().weights)
WEIGHTS = np.array(list(PRESENT.values()))
ALL = np.ones(len(CRITERIA), np.bool_)


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """What people with the hidden weights teach."""
    return learn(decided(HIDDEN, demands=60), Policy())


def _after(lesson: Lesson) -> dict[str, int]:
    return {change.criterion: change.after for change in lesson.weights}


def test_the_learnt_weights_come_near_the_hidden_ones(lesson: Lesson) -> None:
    learnt = _after(lesson)
    apart = {
        name: sum(abs(weights[criterion] - HIDDEN[criterion]) for criterion in CRITERIA)
        for name, weights in (("present", PRESENT), ("learnt", learnt))
    }
    assert lesson.verdict is Verdict.GAIN
    assert apart["learnt"] * 2 < apart["present"]
    assert sorted(learnt, key=lambda name: -learnt[name])[:2] == ["requirements", "delivery"]


def test_the_learnt_weights_rank_decisions_that_come_later_better(lesson: Lesson) -> None:
    later = evidence(decided(HIDDEN, demands=200, seed=77), CRITERIA)
    learnt = np.array([_after(lesson)[criterion] for criterion in CRITERIA])
    before, after = measures(later, later.scores(WEIGHTS)), measures(later, later.scores(learnt))
    assert {name: after[name] > before[name] + 0.05 for name in Measure} == dict.fromkeys(Measure, True)


def test_the_report_counts_and_measures(lesson: Lesson) -> None:
    pairs = decided(HIDDEN, demands=60)
    by_demand: dict[str, set[bool]] = {}
    for pair in pairs:
        by_demand.setdefault(pair.demand, set()).add(pair.wanted)
    assert (lesson.decisions, lesson.wanted, lesson.demands, lesson.mixed) == (
        360,
        sum(pair.wanted for pair in pairs),
        60,
        sum(len(kinds) == 2 for kinds in by_demand.values()),
    )
    assert lesson.decisive is Measure.WITHIN
    assert {(one.measure, one.parts) for one in lesson.figures} == {(measure, 20) for measure in Measure}
    for one in lesson.figures:
        assert abs(one.learnt - one.present - one.gain) <= 1
        assert one.least < one.gain


def test_weights_stay_whole_positive_and_on_the_policys_scale(lesson: Lesson) -> None:
    assert [change.before for change in lesson.weights] == list(PRESENT.values())
    assert sum(change.after for change in lesson.weights) == sum(PRESENT.values())
    assert min(change.after for change in lesson.weights) >= 1


def test_the_order_of_the_decisions_does_not_matter(lesson: Lesson) -> None:
    pairs = decided(HIDDEN, demands=60)
    random.Random(3).shuffle(pairs)
    assert learn(pairs, Policy()) == lesson


def test_people_who_decide_by_the_present_weights_change_nothing() -> None:
    found = learn(decided(PRESENT, demands=60), Policy())
    assert found.verdict is Verdict.NO_CLEAR_GAIN


def test_people_who_decide_by_chance_change_nothing() -> None:
    found = learn(decided(HIDDEN, demands=40, factor=0), Policy())
    assert found.verdict is Verdict.NO_CLEAR_GAIN


def _with(pairs: list[Judged], wanted: int) -> list[Judged]:
    return [
        replace(pair, source=Source.ACCEPTED if place < wanted else Source.DECLINED)
        for place, pair in enumerate(pairs)
    ]


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        decided(HIDDEN, demands=8),
        decided(HIDDEN, demands=9, offers=40),
        _with(decided(HIDDEN, demands=20), wanted=4),
        _with(decided(HIDDEN, demands=20), wanted=116),
    ],
    ids=["none", "few", "few demands", "few wanted", "few unwanted"],
)
def test_too_few_decisions_teach_nothing(pairs: list[Judged]) -> None:
    found = learn(pairs, Policy())
    assert (found.verdict, found.weights, found.figures) == (Verdict.TOO_FEW, (), ())
    assert found.decisions == len(pairs)


def test_pairs_that_do_not_differ_teach_nothing() -> None:
    same = [replace(pair, values=(("text", 8_000), ("node", 10_000))) for pair in decided(HIDDEN, demands=20)]
    assert learn(same, Policy()).verdict is Verdict.NOTHING_VARIES


def test_a_criterion_without_evidence_keeps_its_weight() -> None:
    def told(pair: Judged) -> Judged:
        values = {**dict(pair.values), "node": 10_000}
        return replace(pair, values=tuple(item for item in values.items() if item[0] != "grade"))

    found = learn([told(pair) for pair in decided(HIDDEN, demands=60)], Policy())
    kept = {change.criterion: change.after for change in found.weights if not change.evidence}
    assert kept == {"node": PRESENT["node"], "grade": PRESENT["grade"]}
    assert sum(change.after for change in found.weights) == sum(PRESENT.values())


def test_a_price_counts_as_acceptable_or_not() -> None:
    def priced(value: int) -> list[Judged]:
        return [
            replace(
                pair,
                values=tuple(
                    (name, value if name == "price" and was == 0 else was) for name, was in pair.values
                ),
            )
            for pair in decided(HIDDEN, demands=12)
        ]

    near, far = (evidence(priced(value), CRITERIA) for value in (9_999, 1))
    assert (near.values == far.values).all()


def test_a_criterion_that_the_policy_does_not_weigh_is_left_alone() -> None:
    weights = tuple((name, weight) for name, weight in PRESENT.items() if name != "delivery")
    found = learn(decided(HIDDEN, demands=20), replace(Policy(), weights=(*weights, ("delivery", 0))))
    assert "delivery" not in _after(found)


def test_little_evidence_stays_nearer_to_the_present_weights() -> None:
    known = evidence(decided(HIDDEN, demands=15), CRITERIA)
    free, held = (fit(known, WEIGHTS, ALL, strength).weights for strength in (0.3, 1e5))

    def apart(weights: object) -> float:
        shares = np.asarray(weights) / np.sum(np.asarray(weights))
        return float(np.abs(shares - WEIGHTS / WEIGHTS.sum()).sum())

    assert apart(held) < 0.01 < 0.1 < apart(free)


@pytest.mark.parametrize("strength", [0.1, 10])
def test_the_gradient_is_that_of_the_loss(strength: float) -> None:
    varies = ALL.copy()
    varies[1] = False
    loss = model(evidence(decided(HIDDEN, demands=12), CRITERIA), WEIGHTS, varies, strength)
    at = np.random.default_rng(5).uniform(0.2, 2, 7 + 1 + 12)
    numeric = approx_fprime(at, lambda point: loss(point)[0], 1e-7)
    np.testing.assert_allclose(loss(at)[1], numeric, rtol=1e-3, atol=1e-3)


def test_scores_are_those_of_the_product() -> None:
    pairs = decided(HIDDEN, demands=12)
    known = evidence(pairs, CRITERIA)
    ordered = sorted(pairs, key=lambda pair: (pair.demand, pair.offer))
    assert known.scores(WEIGHTS).tolist() == [score(PRESENT, dict(pair.values)) for pair in ordered]


def test_measures_by_hand() -> None:
    pairs = [
        judged("a", "1", True, (("text", 9_000),)),
        judged("a", "2", False, (("text", 5_000),)),
        judged("a", "3", True, (("text", 5_000),)),
        judged("b", "1", False, (("text", 8_000),)),
        judged("b", "2", True, (("text", 7_000),)),
        judged("c", "1", True, (("text", 1_000),)),
    ]
    known = evidence(pairs, ("text",))
    found = measures(known, known.scores(np.array([1])))
    assert found == {
        Measure.WITHIN: pytest.approx(1.5 / 3),
        Measure.OVERALL: pytest.approx(3.5 / 8),
        Measure.FIRST: pytest.approx(1 / 2),
    }


def test_one_kind_of_decision_measures_nothing() -> None:
    known = evidence([judged("a", str(place), True, (("text", place),)) for place in range(3)], ("text",))
    assert measures(known, known.scores(np.array([1]))) == {}


def test_a_figure_knows_how_sure_it_is() -> None:
    steady = figure(Measure.WITHIN, [0.5, 0.5, 0.5], [0.6, 0.6, 0.6], held_out=0.2)
    shaky = figure(Measure.WITHIN, [0.5, 0.5, 0.5], [0.9, 0.3, 0.6], held_out=0.2)
    assert (steady.gain, steady.spread, steady.least) == (1_000, 0, 1_000)
    assert (shaky.gain, shaky.spread) == (1_000, 3_000)
    assert shaky.least < 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.floats(0, 5), st.booleans()), min_size=2, max_size=9).filter(
        lambda rows: sum(varies and share > 0 for _weight, share, varies in rows) >= 1
    )
)
def test_rounding_keeps_the_sum_and_what_does_not_vary(rows: list[tuple[int, float, bool]]) -> None:
    present = np.array([weight for weight, _share, _varies in rows])
    learnt = np.array([share for _weight, share, _varies in rows])
    varies = np.array([varies for _weight, _share, varies in rows])
    rounded = whole(learnt, present, varies)
    assert rounded.sum() == present.sum()
    assert rounded.min() >= 1
    assert (rounded[~varies] == present[~varies]).all()
