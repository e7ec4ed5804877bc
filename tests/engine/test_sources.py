"""What an example counts for, and what outcomes teach that words don't."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.learning import MOST_OF_A_FIRM, UNWANTED, WEIGHTS, Judged, Share, Source, Verdict, learn
from matching.engine.learning.evidence import evidence
from matching.engine.learning.fitting import model
from matching.engine.learning.measuring import Measure, measures
from matching.engine.learning.sources import counted
from matching.engine.types import Policy
from tests.engine.decisions import CRITERIA, decided, judged
from tests.engine.test_learning import HIDDEN
from tests.engine.test_learning import WEIGHTS as PRESENT

ALL = np.ones(len(CRITERIA), np.bool_)


def test_what_costs_more_says_more() -> None:
    by_weight: dict[float, set[Source]] = {}
    for source in Source:
        by_weight.setdefault(WEIGHTS[source], set()).add(source)
    assert [by_weight[weight] for weight in sorted(by_weight)] == [
        {Source.NO_RESULT, Source.BROKEN_OFF},
        {Source.ASKED, Source.ACCEPTED, Source.REJECTED, Source.DECLINED},
        {Source.INTENT, Source.SAMPLE, Source.QUOTE},
        {Source.CONTRACT, Source.DELIVERY},
    ]


def test_outcomes_of_one_firm_add_at_most_a_twentieth() -> None:
    one_buyer = [(Source.CONTRACT, "a", f"s{place}") for place in range(40)]
    others = [(Source.ACCEPTED, f"b{place}", f"t{place}") for place in range(60)]
    weights = counted([*one_buyer, *others])
    assert weights == [pytest.approx(1 + 0.05 * 100 / 40)] * 40 + [1] * 60
    assert counted([(Source.CONTRACT, f"b{place}", f"s{place}") for place in range(60)]) == [4] * 60


_EXAMPLES = st.lists(
    st.tuples(st.sampled_from(Source), st.sampled_from("abc"), st.sampled_from("xyz")),
    min_size=1,
    max_size=90,
)


@settings(max_examples=100, deadline=None)
@given(_EXAMPLES)
def test_no_firm_adds_more_than_its_share_and_no_word_is_lost(
    examples: list[tuple[Source, str, str]],
) -> None:
    weights = counted(examples)
    added: defaultdict[str, float] = defaultdict(float)
    for (source, buyer, supplier), weight in zip(examples, weights, strict=True):
        assert min(1.0, WEIGHTS[source]) <= weight <= WEIGHTS[source]
        for firm in (buyer, supplier):
            added[firm] += max(0.0, weight - 1)
    assert max(added.values()) <= MOST_OF_A_FIRM * len(examples) + 1e-9


def test_an_example_that_counts_twice_is_like_two() -> None:
    """A quote counts for two words: loss, gradient and measures are those of the list with it doubled."""
    pairs = decided(HIDDEN, demands=12)
    heavy = [replace(pair, source=Source.QUOTE) if pair.wanted else pair for pair in pairs]
    doubled = [*pairs, *(replace(pair, offer=f"{pair.offer} again") for pair in pairs if pair.wanted)]
    known, twice = evidence(heavy, CRITERIA), evidence(doubled, CRITERIA)
    at = np.random.default_rng(5).uniform(0.2, 2, 8 + 1 + 12)
    loss, gradient = model(known, PRESENT, ALL, 1.0)(at)
    same_loss, same_gradient = model(twice, PRESENT, ALL, 1.0)(at)
    assert loss == pytest.approx(same_loss)
    np.testing.assert_allclose(gradient, same_gradient)
    found, same = (measures(one, one.scores(PRESENT)) for one in (known, twice))
    assert found == pytest.approx({**same, Measure.FIRST: found[Measure.FIRST]})


def _outcomes() -> list[Judged]:
    """Most are accepted, the others declined by chance; what comes of it follows the hidden weights."""
    rng = random.Random(4)
    return [
        replace(pair, source=Source.CONTRACT if pair.wanted else Source.NO_RESULT)
        if rng.random() < 0.95
        else replace(pair, source=Source.DECLINED)
        for pair in decided(HIDDEN, demands=60)
    ]


def test_outcomes_teach_a_preference_that_words_do_not_show() -> None:
    pairs = _outcomes()
    found = learn(pairs, Policy())
    after = {change.criterion: change.after for change in found.weights}
    assert found.verdict is Verdict.GAIN
    assert sorted(after, key=lambda name: -after[name])[0] == "requirements"
    counts = Counter(pair.source for pair in pairs)
    assert [(share.source, share.examples) for share in found.sources] == [
        (source, counts[source]) for source in (Source.DECLINED, Source.NO_RESULT, Source.CONTRACT)
    ]


def test_without_the_outcomes_the_same_pairs_teach_nothing() -> None:
    """The negative control of the test above."""
    words = [
        replace(pair, source=Source.DECLINED if pair.source is Source.DECLINED else Source.ACCEPTED)
        for pair in _outcomes()
    ]
    assert learn(words, Policy()).verdict is Verdict.NO_CLEAR_GAIN


def test_shares_tell_what_examples_count_for() -> None:
    pair = judged("a", "1", True, (("text", 9_000),))
    sources = (Source.CONTRACT, Source.ACCEPTED, Source.BROKEN_OFF)
    pairs = [replace(pair, offer=str(place), source=source) for place, source in enumerate(sources)]
    # One buyer: what a contract weighs beyond a word is cut to a twentieth of three examples.
    assert learn(pairs, Policy()).sources == (
        Share(Source.ACCEPTED, 1, 100),
        Share(Source.BROKEN_OFF, 1, 50),
        Share(Source.CONTRACT, 1, 115),
    )
    assert {pair.source for pair in pairs if not pair.wanted} == UNWANTED & set(sources)
