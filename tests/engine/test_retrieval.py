from __future__ import annotations

from decimal import Decimal
from typing import Any

from matching.engine.retrieval import build, query, search
from matching.engine.text import index_glossary
from matching.engine.types import Offer
from tests.engine.values_of import GLOSSARY, need, offer

WORDS = index_glossary(GLOSSARY)


def _found(title: str, offers: list[Offer], limit: int = 10, **changes: Any) -> list[str]:
    ordered = sorted(offers, key=lambda each: each.key)
    index = build(ordered, WORDS)
    asked = query(need(title=title, requirements=(), **changes), index, WORDS)
    return [ordered[hit.offer].key for hit in search(asked, index, limit)]


def test_the_closest_title_comes_first() -> None:
    offers = [offer("a", title="硅片"), offer("b", title="圆环链条"), offer("c", title="圆环")]
    assert _found("圆环链条", offers, node=())[0] == "b"


def test_ties_are_broken_by_key() -> None:
    offers = [offer(key, title="圆环链条", node=()) for key in "cab"]
    assert _found("圆环链条", offers, node=()) == ["a", "b", "c"]


def test_an_equal_title_scores_about_full() -> None:
    offers = [offer("a", title="圆环链条"), *(offer(f"z{at}", title=f"硅片{at}") for at in range(9))]
    index = build(offers, WORDS)
    best = search(query(need(title="圆环链条", requirements=(), node=()), index, WORDS), index, 1)[0]
    assert best.text >= 8_500
    assert best.shared == ("圆环链条",)


def test_synonyms_and_standards_find() -> None:
    offers = [
        offer("a", title="马达"),
        offer("b", title="钢板", standards=("GB/T 3274-2017",)),
        offer("c", title="x"),
    ]
    assert _found("电动机", offers, node=())[0] == "a"
    assert _found("钢材 GB/T3274", offers, node=())[0] == "b"


def test_the_same_node_is_always_seen() -> None:
    offers = [offer("a", title="完全不同"), offer("b", title="圆环", node=("x",))]
    assert set(_found("圆环链条", offers)) == {"a", "b"}


def test_frequent_tokens_score_but_do_not_retrieve() -> None:
    common = [offer(f"c{at:03}", title=f"钢 {chr(0x5000 + at)}", node=()) for at in range(200)]
    offers = [*common, offer("z", title="钢 丝绳", node=())]
    assert _found("钢 丝绳", offers, limit=300, node=()) == ["z"]
    assert len(_found("钢", offers, limit=300, node=())) == 201


def test_words_of_properties_are_weaker_than_the_title() -> None:
    described = offer("a", title="矿用配件", description="用于圆环链条", minimum_order=Decimal(1))
    assert _found("圆环链条", [described, offer("b", title="圆环链条")], node=()) == ["b", "a"]


def test_nothing_offered_finds_nothing() -> None:
    assert _found("圆环链条", []) == []
