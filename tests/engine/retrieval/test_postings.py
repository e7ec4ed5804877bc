from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.retrieval import kernels, postings, weighing
from matching.engine.retrieval.columns import pack, unpack
from matching.engine.retrieval.postings import Postings, Terms
from matching.engine.retrieval.profiles import Document

WORDS = st.sampled_from(["钢", "板", "钢板", "链条", "圆环", "m12", "q355b", "~q35", "泵", "阀", "gb/t3274"])
FIELD = st.lists(WORDS, max_size=6)
DOCUMENTS = st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=40)


def _terms(index: Postings, title: list[str], body: Sequence[str] = ()) -> Terms:
    (terms,) = index.terms([(title, body, "")])
    return terms


def _impact(index: Postings, token: str, document: int) -> int:
    """Impact of a token in a document, read from the lists."""
    number = index.vocabulary.get(token)
    if number is None:
        return 0
    arrays = index.arrays
    place = int(np.flatnonzero(arrays["order"] == document)[0])
    for cell in range(arrays["cells_at"][number], arrays["cells_at"][number + 1]):
        if arrays["cell_block"][cell] == place // kernels.BLOCK:
            begin = int(arrays["cell_at"][cell])
            end = begin + int(arrays["cell_size"][cell])
            held = arrays["places"][begin:end] == place % kernels.BLOCK
            return int(arrays["values"][begin:end][held].sum())
    return 0


def _exhaustive(index: Postings, title: list[str], body: list[str]) -> list[tuple[int, int]]:
    """Every document that shares a token with the query, with its whole score, best first."""
    terms = _terms(index, title, body)
    words = list(index.vocabulary)
    asked = [(words[number], int(weight)) for number, weight in zip(terms.ids, terms.weights, strict=True)]
    scores = [sum(_impact(index, word, at) * weight for word, weight in asked) for at in range(index.size)]
    return sorted(
        ((at, score) for at, score in enumerate(scores) if score), key=lambda one: (-one[1], one[0])
    )


def _found(index: Postings, title: list[str], body: list[str], limit: int) -> list[tuple[int, int]]:
    documents, scores = index.search([_terms(index, title, body)], limit)
    return [
        (at, score) for at, score in zip(documents[0].tolist(), scores[0].tolist(), strict=True) if at >= 0
    ]


@settings(deadline=None)
@given(DOCUMENTS, FIELD, FIELD, st.integers(1, 12))
def test_the_pruned_search_finds_what_an_exhaustive_one_does(
    documents: list[Document], title: list[str], body: list[str], limit: int
) -> None:
    index = postings.build(documents)
    assert _found(index, title, body, limit) == _exhaustive(index, title, body)[:limit]


def test_many_blocks_are_pruned_without_losing_any_document() -> None:
    rng = np.random.default_rng(7)
    words = [f"w{number}" for number in range(400)]
    shares = 1 / np.arange(1, 401)
    documents: list[Document] = [
        (rng.choice(words, 8, p=shares / shares.sum()).tolist(), rng.choice(words, 3).tolist())
        for _ in range(3 * kernels.BLOCK + 17)
    ]
    index = postings.build(documents)
    for query in (documents[5][0], documents[2_000][0], ["w0", "w1", "w399"]):
        assert _found(index, list(query), [], 50) == _exhaustive(index, list(query), [])[:50]


@settings(deadline=None)
@given(DOCUMENTS, FIELD, FIELD, st.randoms(use_true_random=False))
def test_scores_do_not_depend_on_the_order_of_documents(
    documents: list[Document], title: list[str], body: list[str], random: object
) -> None:
    order = list(range(len(documents)))
    random.shuffle(order)  # type: ignore[attr-defined]
    there = dict(_found(postings.build(documents), title, body, 40))
    back = dict(_found(postings.build([documents[at] for at in order]), title, body, 40))
    assert {order[at]: score for at, score in back.items()} == there


@settings(deadline=None)
@given(DOCUMENTS, FIELD, FIELD)
def test_a_stored_index_finds_the_same(documents: list[Document], title: list[str], body: list[str]) -> None:
    index = postings.build(documents)
    stored = b"".join(pack(index.columns()))
    again = postings.opened(unpack(memoryview(stored)))
    assert _found(again, title, body, 10) == _found(index, title, body, 10)
    assert dict(again.vocabulary) == dict(index.vocabulary)


def test_a_document_of_the_whole_title_is_perfect() -> None:
    documents: list[Document] = [(["泵", "阀"], []), (["钢"], ["泵"]), (["链条"], []), (["圆环"], [])]
    index = postings.build(documents)
    terms = _terms(index, ["泵", "阀"])
    best = _found(index, ["泵", "阀"], [], 1)[0]
    assert best[0] == 0
    assert abs(best[1] - terms.perfect) * 1_000 < terms.perfect


def test_a_tag_adds_its_bonus() -> None:
    documents: list[Document] = [(["泵"], []), (["泵"], []), (["阀"], [])]
    index = postings.build(documents, ["@a", "@b", "@a"])
    plain, tagged = index.terms([(["泵"], [], ""), (["泵"], [], "@b")])
    assert tagged.bonus == tagged.perfect // weighing.TAG_SHARE
    (before, after) = (index.search([terms], 3) for terms in (plain, tagged))
    assert before[0][0].tolist()[:2] == [0, 1]
    assert after[0][0].tolist()[:2] == [1, 0]
    assert after[1][0][0] - before[1][0][0] == tagged.bonus


def test_columns_refuse_what_is_not_whole() -> None:
    whole = b"".join(pack({"a": np.arange(100)}))
    assert unpack(memoryview(whole))["a"].tolist() == list(range(100))
    with pytest.raises(ValueError, match="cut short in a"):
        unpack(memoryview(whole[:-200]))
    with pytest.raises(ValueError, match="not an index"):
        unpack(memoryview(b"something else altogether"))


def test_the_rarest_terms_stand_first() -> None:
    documents: list[Document] = [(["泵", "阀"], []), (["泵"], []), (["泵", "钢"], [])]
    index = postings.build(documents)
    words = list(index.vocabulary)
    terms = _terms(index, ["泵", "钢", "未知"])
    assert [words[number] for number in terms.ids] == ["钢", "泵"]
    assert set(chain.from_iterable(documents[0])) == {"泵", "阀"}


def test_what_a_title_repeats_weighs_more_but_never_twice_as_much() -> None:
    index = postings.build([(["泵", "阀", "链条"], [])])
    terms = _terms(index, ["泵", "阀", "泵", *["链条"] * 60])
    words = list(index.vocabulary)
    weights = {words[number]: int(weight) for number, weight in zip(terms.ids, terms.weights, strict=True)}
    assert weights == {"阀": 64, "泵": 85, "链条": 125}
