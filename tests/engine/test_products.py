"""Which offers a need considers, by their nodes, their names and what their texts share."""

from __future__ import annotations

import pytest

from matching.engine.products import Product
from matching.engine.retrieval import Hit
from matching.engine.types import Policy

POLICY = Policy(minimum_text=1_500)
PUMPS, FILTERS = ("upstream", "pumps"), ("upstream", "filters")


def _admits(need: Product, offer: Product, *, text: int = 5_000, likeness: int = 0) -> bool:
    return need.admits(offer, Hit(offer=0, text=text, likeness=likeness), POLICY)


def _product(name: str, stated: tuple[str, ...] = (), told: tuple[str, ...] = ()) -> Product:
    return Product(name, stated, told)


def test_one_node_is_enough() -> None:
    assert _admits(_product("水泵", PUMPS), _product("抽水机", PUMPS), text=0)


@pytest.mark.parametrize(("likeness", "considered"), [(7_000, True), (6_999, False)])
def test_of_another_node_only_what_has_nearly_the_same_name(likeness: int, considered: bool) -> None:
    assert _admits(_product("水泵", PUMPS), _product("泵", FILTERS), likeness=likeness) is considered


@pytest.mark.parametrize(("likeness", "considered"), [(3_300, True), (3_299, False)])
def test_without_one_of_the_nodes_names_have_to_be_alike(likeness: int, considered: bool) -> None:
    assert _admits(_product("水泵", PUMPS), _product("泵"), likeness=likeness) is considered


@pytest.mark.parametrize(("text", "considered"), [(1_500, True), (1_499, False)])
def test_where_no_node_is_known_the_texts_decide(text: int, considered: bool) -> None:
    assert _admits(_product("水泵"), _product("抽水机"), text=text) is considered


def test_where_no_node_is_known_a_name_that_goes_on_is_another_thing() -> None:
    assert not _admits(_product("支架"), _product("支架控制器"), likeness=6_999)
    assert _admits(_product("支架"), _product("支架控制器"), likeness=7_000)


def test_another_kind_of_thing_is_never_considered() -> None:
    assert not _admits(_product("石英坩埚"), _product("石英坩埚清洗服务"), likeness=10_000)
