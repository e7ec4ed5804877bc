"""Metrics against values computed by hand."""

from __future__ import annotations

import math

import pytest

from benchmarks.metrics import Figures, measure, normalised_gain, recall, reciprocal_rank


def test_recall_is_the_found_share_of_all_relevant_ones() -> None:
    assert recall(["a", "x", "b"], {"a", "b", "c", "d"}) == 0.5
    assert recall([], {"a"}) == 0.0


def test_reciprocal_rank_counts_the_first_relevant_one_only() -> None:
    assert reciprocal_rank(["x", "y", "b", "a"], {"a", "b"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], {"a"}) == 0.0


def test_gain_is_linear_in_the_grade_and_discounted_by_the_logarithm_of_the_rank() -> None:
    judged = {"a": 3, "b": 2, "c": 0, "d": 1}
    # ranks 1..4: c 0, a 3, x unjudged, b 2; the best possible order is a 3, b 2, d 1
    # 3 / log2(3) + 2 / log2(5) = 2.75414 of 3 / log2(2) + 2 / log2(3) + 1 / log2(4) = 4.76186
    assert normalised_gain(["c", "a", "x", "b"], judged, 10) == pytest.approx(0.578375, abs=1e-6)


def test_gain_beyond_the_cut_counts_neither_as_found_nor_as_possible() -> None:
    assert normalised_gain(["a", "b"], {"a": 1, "b": 1}, 1) == 1.0
    assert normalised_gain(["x", "a"], {"a": 1}, 1) == 0.0


def test_a_perfect_ranking_has_full_gain_and_negative_grades_gain_nothing() -> None:
    assert normalised_gain(["a", "b"], {"a": 2, "b": 1}, 10) == 1.0
    assert normalised_gain(["c", "a"], {"a": 1, "c": -1}, 10) == pytest.approx(1 / math.log2(3))


def test_figures_are_means_over_demands_with_a_relevant_supply() -> None:
    grades = {"d1": {"a": 2, "b": 1}, "d2": {"c": 3}, "d3": {"a": 1}, "d4": {"b": 2}}
    rankings = {"d1": ["b", "a"], "d2": ["c"], "d3": ["a"], "d5": ["a"]}
    # From grade 2 on: d1 finds a at rank 2, d2 finds c, d3 has nothing relevant, d4 found nothing.
    gain_of_d1 = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    figures = measure(rankings, grades, 2)
    assert figures.demands == 3
    assert figures.recall == pytest.approx(2 / 3)
    assert figures.deep_recall == pytest.approx(2 / 3)
    assert figures.reciprocal_rank == pytest.approx((0.5 + 1 + 0) / 3)
    assert figures.gain == pytest.approx((gain_of_d1 + 1 + 0) / 3)


def test_recall_is_cut_at_ten_and_at_a_hundred() -> None:
    ranked = [f"x{at}" for at in range(10)] + ["a"] + [f"y{at}" for at in range(89)] + ["b"]
    figures = measure({"d": ranked}, {"d": {"a": 1, "b": 1}}, 1)
    assert (figures.recall, figures.deep_recall, figures.reciprocal_rank, figures.gain) == (0, 0.5, 0, 0)


def test_a_supply_that_is_ranked_twice_counts_once() -> None:
    figures = measure({"d": ["a", "a", "b"]}, {"d": {"a": 1, "b": 1}}, 1)
    assert (figures.recall, figures.gain) == (1, 1)


def test_nothing_judged_gives_zeros() -> None:
    assert measure({"d": ["a"]}, {}, 1) == Figures(0, 0.0, 0.0, 0.0, 0.0)
