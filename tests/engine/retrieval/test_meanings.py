"""Vectors are compared exactly, and meaning ranks beside words without a word in common."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.retrieval import build, index, query, search, search_all
from matching.engine.retrieval.columns import pack, unpack
from matching.engine.retrieval.meanings import DEPTH, Meanings, Nearness, compact, gather, joined
from matching.engine.text import GlossaryIndex
from matching.engine.types import Need, Offer

WORDS = GlossaryIndex()
UNKNOWN = int(np.iinfo(np.int64).min)


def _vector(*direction: float) -> bytes:
    return compact([*direction, *[0.0] * (8 - len(direction))])


def _offer(key: str, title: str, *meanings: bytes, aliases: tuple[str, ...] = ()) -> Offer:
    return Offer(
        key=key, firm=key, chain="c", node=(), title=title, aliases=aliases, meanings=tuple(meanings)
    )


def _need(title: str, meaning: bytes = b"") -> Need:
    return Need(key="d", firm="leader", chain="c", node=(), title=title, meaning=meaning)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40), st.floats(0.01, 100))
def test_length_does_not_matter_only_direction(values: list[float], factor: float) -> None:
    one, other = (np.frombuffer(compact(np.array(values) * by), np.int8) for by in (1.0, factor))
    assert one.shape == other.shape
    assert np.abs(one.astype(int) - other.astype(int)).max(initial=0) <= 1


def test_a_vector_without_direction_is_none() -> None:
    assert compact([0.0, 0.0]) == b""


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_vector_of_no_numbers_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        compact([1.0, value])


@given(st.integers(1, 2_500), st.integers(0, 2**32 - 1))
def test_products_are_exact_however_wide(width: int, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    vectors = numbers.integers(-127, 128, (5, width), np.int8)
    asked = numbers.integers(-127, 128, width, np.int8)
    found = Meanings(np.arange(5), vectors).nearest([asked.tobytes()], 5)[0]
    assert found.values.tolist() == (vectors.astype(np.int64) @ asked.astype(np.int64)).tolist()


def test_the_nearest_vector_of_an_offer_counts() -> None:
    far, near = _vector(1, 1), _vector(1)
    held = gather([(far, near), (far,), (), (b"", near)])
    found = held.nearest([near], 4)[0]
    assert found.values[0] == found.values[3] > found.values[1] > found.values[2] == UNKNOWN
    assert found.best().tolist() == [0, 3, 1]


def test_only_the_nearest_offers_are_held_ties_by_position() -> None:
    values = np.array([7] * (DEPTH + 5) + [9], np.int64)
    assert Nearness(values).best().tolist() == [DEPTH + 5, *range(DEPTH - 1)]


def test_vectors_of_two_models_do_not_mix() -> None:
    with pytest.raises(ValueError, match="different models"):
        gather([(_vector(1),), (compact([1.0, 2.0]),)])
    with pytest.raises(ValueError, match="one model"):
        gather([(_vector(1),)]).nearest([compact([1.0, 2.0])], 1)


def test_both_rankings_count_alike() -> None:
    # Scores have mean 20 and deviation 8, nearness mean 200 and deviation 81: 100 below is worth 10 less.
    near = Nearness(np.array([100, 200, 300], np.int64))
    assert joined([(0, 30), (1, 20), (2, 10)], near, 0) == [(0, 40, 10), (1, 40, 20), (2, 39, 29)]


def test_an_offer_without_a_vector_is_of_average_nearness() -> None:
    near = Nearness(np.array([100, UNKNOWN, 300], np.int64))
    ranked = {offer: given for offer, _, given in joined([(0, 30), (1, 20), (2, 10)], near, 0)}
    assert ranked[1] == 20
    assert ranked[0] < 20 < ranked[2]


def test_without_any_vector_the_words_rank_alone() -> None:
    near = Nearness(np.full(2, UNKNOWN, np.int64))
    assert joined([(1, 9), (0, 4)], near, 10) == [(1, 18, 9), (0, 8, 4)]


def test_meaning_finds_without_a_word_in_common() -> None:
    offers = [
        _offer("a", "轴承", _vector(0, 1)),
        _offer("b", "抽水机", _vector(1, 0.1)),
        _offer("c", "木门", _vector(0, 0, 1)),
    ]
    held = build(offers, WORDS)
    plain = search(query(_need("水泵房"), held, WORDS), held, 3)
    assert [hit.offer for hit in plain] == [1]
    assert search(query(_need("泵"), held, WORDS), held, 3) == ()
    meant = search(query(_need("泵", _vector(1)), held, WORDS), held, 3)
    assert meant[0].offer == 1
    assert meant[0].text > meant[1].text


def test_a_vector_of_an_alias_finds_its_offer() -> None:
    offers = [_offer("a", "轴承", _vector(0, 1)), _offer("b", "门", _vector(0, 0, 1), _vector(1))]
    held = build(offers, WORDS)
    assert search(query(_need("泵", _vector(1)), held, WORDS), held, 1)[0].offer == 1


@given(st.integers(0, 2**32 - 1))
def test_needs_and_offers_without_vectors_are_ranked_as_ever(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    titles = ["".join(numbers.choice(list("水泵轴承门窗"), 4)) for _ in range(12)]
    plain = build([_offer(f"{at:02}", title) for at, title in enumerate(titles)], WORDS)
    vectors = [_vector(*numbers.normal(size=8)) for _ in titles]
    offers = [_offer(f"{at:02}", title, vectors[at]) for at, title in enumerate(titles)]
    meant = build(offers, WORDS)
    asked = [_need("水泵轴承"), _need("门窗", vectors[0]), _need("窗")]
    found = search_all([query(need, meant, WORDS) for need in asked], meant, 5)
    expected = search_all([query(need, plain, WORDS) for need in asked], plain, 5)
    assert [found[0], found[2]] == [expected[0], expected[2]]


def test_a_stored_index_ranks_by_meaning_as_well() -> None:
    offers = [_offer("a", "轴承", _vector(0, 1)), _offer("b", "门"), _offer("c", "窗", _vector(1))]
    held = build(offers, WORDS)
    again = index.opened(unpack(memoryview(b"".join(pack(index.columns(held))))))
    asked = query(_need("泵", _vector(1)), held, WORDS)
    assert search(asked, again, 3) == search(asked, held, 3)
