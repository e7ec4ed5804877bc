from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from matching.engine.retrieval import build, index, query, search
from matching.engine.retrieval.columns import pack, unpack
from matching.engine.text import index_glossary
from matching.engine.types import Offer
from tests.engine.values_of import GLOSSARY, need, offer

WORDS = index_glossary(GLOSSARY)


def _found(title: str, offers: list[Offer], limit: int = 10, **changes: Any) -> list[str]:
    ordered = sorted(offers, key=lambda each: each.key)
    held = build(ordered, WORDS)
    asked = query(need(title=title, requirements=(), **changes), held, WORDS)
    return [ordered[hit.offer].key for hit in search(asked, held, limit)]


def test_the_closest_title_comes_first() -> None:
    offers = [offer("a", title="硅片"), offer("b", title="圆环链条"), offer("c", title="圆环")]
    assert _found("圆环链条", offers, node=())[0] == "b"


def test_ties_are_broken_by_key() -> None:
    offers = [offer(key, title="圆环链条", node=()) for key in "cab"]
    assert _found("圆环链条", offers, node=()) == ["a", "b", "c"]


def test_an_equal_title_scores_about_full() -> None:
    plain = {"description": "", "properties": (), "standards": ()}
    offers = [
        offer("a", title="圆环链条", **plain),
        *(offer(f"z{at}", title=f"硅片{at}", **plain) for at in range(9)),
    ]
    held = build(offers, WORDS)
    asked = query(need(title="圆环链条", description="", requirements=(), standards=()), held, WORDS)
    best = search(asked, held, 1)[0]
    assert best.text >= 9_900
    assert best.likeness == 10_000


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


def test_what_the_node_adds_is_not_text() -> None:
    offers = [offer("a", title="完全不同", description="", properties=(), standards=())]
    held = build(offers, WORDS)
    asked = query(need(title="圆环链条", description="", requirements=(), standards=()), held, WORDS)
    assert [hit.text for hit in search(asked, held, 5)] == [0]


def test_words_of_properties_are_weaker_than_the_title() -> None:
    described = offer("a", title="矿用配件", description="用于圆环链条", minimum_order=Decimal(1))
    assert _found("圆环链条", [described, offer("b", title="圆环链条")], node=()) == ["b", "a"]


def test_model_numbers_find_in_other_spellings() -> None:
    offers = [offer("a", title="减速机 GV481900", node=()), offer("b", title="减速机 KX220100", node=())]
    assert _found("GV48-1900 减速机", offers, node=())[0] == "a"


def test_nothing_offered_finds_nothing() -> None:
    assert _found("圆环链条", []) == []


def test_a_confirmed_need_finds_its_offer() -> None:
    plain = [offer("a", title="圆环链条", node=()), offer("b", title="锰钢连接件", node=())]
    confirmed = [plain[0], replace(plain[1], aliases=("刮板机用连接环", "输送机接链环"))]
    assert _found("刮板输送机接链环", plain, node=()) != ["b"]
    held = build(confirmed, WORDS)
    asked = query(need(title="输送机接链环", requirements=(), node=()), held, WORDS)
    best = search(asked, held, 5)
    assert (confirmed[best[0].offer].key, best[0].confirmed) == ("b", True)
    assert sorted(hit.offer for hit in best) == [0, 1]


def test_aliases_take_no_places_of_other_offers() -> None:
    many = replace(offer("a", title="泵", node=()), aliases=tuple(f"离心泵 {at}" for at in range(30)))
    offers = [many, *(offer(f"b{at}", title=f"离心泵{at}型", node=()) for at in range(6))]
    assert len(_found("离心泵", offers, limit=5, node=())) == 5


def test_a_stored_index_answers_the_same() -> None:
    offers = [
        replace(offer("a", title="圆环链条"), aliases=("接链环",)),
        offer("b", title="硅片", node=()),
        offer("c", title="圆环", node=("x", "y")),
    ]
    held = build(offers, WORDS)
    again = index.opened(unpack(memoryview(b"".join(pack(index.columns(held))))))
    for title in ("圆环链", "接链环", "硅"):
        asked = need(title=title, requirements=())
        assert search(query(asked, again, WORDS), again, 3) == search(query(asked, held, WORDS), held, 3)
    assert [again.names.stated(at) for at in range(3)] == [each.node for each in offers]
    assert again.names.name(0) == held.names.name(0)


def test_an_offer_beside_the_index_scores_as_it_does_in_it() -> None:
    offers = [offer(f"a{at}", title=f"圆环链条{at}型", node=("x", "y")[at % 2 :]) for at in range(8)]
    offers.append(replace(offer("b", title="链条 M20×1.5"), aliases=("接链环",)))
    held = build(offers, WORDS)
    alone = build(offers[-1:], WORDS, beside=held)
    for title in ("圆环链条", "接链环 20mm", "M20 链条", "别的东西"):
        asked = need(title=title, requirements=())
        inside = [hit for hit in search(query(asked, held, WORDS), held, 9) if hit.offer == 8]
        outside = search(query(asked, alone, WORDS), alone, 9)
        assert [replace(hit, offer=8) for hit in outside] == inside
    assert alone.names.told(0) == held.names.told(8)


def test_a_node_that_no_offer_states_takes_nothing_away() -> None:
    offers = [offer("a", title="圆环链条", node=()), offer("b", title="硅片", node=("x",))]
    held = build(offers, WORDS)
    texts = [
        search(query(need(title="圆环链条", requirements=(), node=node), held, WORDS), held, 1)[0].text
        for node in ((), ("y",))
    ]
    assert texts[0] == texts[1]
