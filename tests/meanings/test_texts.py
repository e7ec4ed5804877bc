"""What of a line is encoded, and what becomes of it."""

from __future__ import annotations

from matching.engine.retrieval.meanings import compact
from matching.engine.types import Need, Offer
from matching.meanings.texts import Text, meant, of_all, of_need, of_offer, offered

NEED = Need(key="d", firm="f", chain="c", node=(), title="水泵", description=" 每分钟三吨 ")
OFFER = Offer(
    key="s", firm="g", chain="c", node=(), title="抽水机", description="清水", aliases=("水泵", "泵")
)
EAST, NORTH = compact([1.0, 0.0]), compact([0.0, 1.0])


def test_titles_and_descriptions_of_needs_are_asked_apart() -> None:
    assert of_need(NEED) == (Text(True, "水泵"), Text(True, "每分钟三吨"))


def test_an_offer_is_found_by_its_text_and_by_each_alias() -> None:
    assert of_offer(OFFER) == (Text(False, "抽水机 清水"), Text(False, "水泵"), Text(False, "泵"))


def test_what_is_asked_and_what_is_found_are_two_texts() -> None:
    assert of_all([NEED, NEED], [OFFER]) == [
        Text(False, "抽水机 清水"),
        Text(False, "水泵"),
        Text(False, "泵"),
        Text(True, "每分钟三吨"),
        Text(True, "水泵"),
    ]


def test_title_and_description_count_alike() -> None:
    known = {Text(True, "水泵"): EAST, Text(True, "每分钟三吨"): NORTH}
    assert meant(NEED, known).meaning == compact([1.0, 1.0])


def test_what_is_not_known_is_left_out() -> None:
    assert meant(NEED, {Text(True, "水泵"): EAST}).meaning == compact([1.0, 0.0])
    assert meant(NEED, {Text(False, "水泵"): EAST}) == NEED
    assert offered(OFFER, {Text(False, "泵"): EAST, Text(False, "水泵"): b""}).meanings == (EAST,)
    assert offered(OFFER, {}) == OFFER
