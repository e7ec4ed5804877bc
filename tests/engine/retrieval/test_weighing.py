from __future__ import annotations

import math
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.retrieval import postings, weighing
from matching.engine.retrieval.statistics import Statistics
from matching.engine.retrieval.weighing import Request

HELD = [f"w{number}" for number in range(60)]
WORD = st.sampled_from([*HELD, "钢", "板", "钢板", "未知"])
REQUEST = st.tuples(
    st.lists(WORD, max_size=6), st.lists(WORD, max_size=90), st.sampled_from(["", "@a", "@b"])
)
INDEX = postings.build(
    [(HELD[number:], ["钢板"] * (number % 3)) for number in range(60)] + [(["钢", "板"], [])]
)


def _by_hand(asked: Request, held: Statistics) -> tuple[dict[str, int], int]:
    """Weights by token and what is perfect, word by word as the method is described."""
    title, body, tag = asked
    weights = {token: 2 * n * weighing.WEIGHT // (1 + n) for token, n in Counter(title).items()}
    scale = math.sqrt(len(weights)) or 1.0
    named = {*title, *body}
    gains = dict(zip(named, held.of(list(named))[1].tolist(), strict=True))
    strength = sum(gains[token] * weight for token, weight in weights.items())
    length = math.sqrt(sum(gains[token] ** 2 for token in weights)) / held.mean_norm
    perfect = max(1, round(strength * weighing.IMPACT / (1 - weighing.B + weighing.B * length)))
    telling = {
        token: held.idf(token) * (1 + math.log(times))
        for token, times in Counter(body).items()
        if token in held.vocabulary
    }
    kept = sorted(telling, key=lambda token: (-telling[token] * gains[token], token))
    kept = kept[: weighing.MOST_BODY]
    norm = math.sqrt(sum(telling[token] ** 2 for token in kept))
    for token in kept:
        weight = round(weighing.WEIGHT * weighing.BODY * telling[token] * scale / norm)
        weights[token] = weights.get(token, 0) + weight
    if tag:
        weights[tag] = perfect // weighing.TAG_SHARE
    return weights, perfect


@settings(deadline=None)
@given(st.lists(REQUEST, max_size=4))
def test_queries_weighed_together_weigh_what_each_does_by_hand(asked: list[Request]) -> None:
    found = weighing.weigh(asked, INDEX.statistics)
    for at, one in enumerate(asked):
        span = slice(found.at[at], found.at[at + 1])
        words = [found.words[token] for token in found.tokens[span]]
        weights, perfect = _by_hand(one, INDEX.statistics)
        assert dict(zip(words, found.weights[span].tolist(), strict=True)) == weights
        assert found.perfect[at] == perfect
        assert found.bonus[at] == (perfect // weighing.TAG_SHARE if one[2] else 0)


def test_words_that_nobody_holds_are_as_telling_as_the_rarest() -> None:
    held = postings.build([(["钢", "电缆", "yjv"], []), (["钢"], [])]).statistics
    idfs, gains = held.of(["钢", "电缆", "光缆", "", "yjv", "rvv"])
    rarest = math.log(1 + 1.5 / 1.5)
    assert idfs.tolist() == [math.log(1 + 0.5 / 2.5), rarest, -1.0, -1.0, rarest, -1.0]
    assert gains[1] == gains[2]
    assert gains[4] == gains[5] == 2 * gains[1]
    assert gains[3] == 0.0
