"""The catalogues keep what the generator relies on."""

from __future__ import annotations

import pytest

from chainmatch.sample.catalogue import CHAINS, load
from tests.sample.reading import fold


def test_ten_chains_of_at_least_forty_products() -> None:
    assert all(len(load(chain).items) >= 40 for chain in CHAINS)
    assert len(CHAINS) == 10


@pytest.mark.parametrize("chain", CHAINS)
def test_every_item_stands_at_a_product_node_of_the_tree(chain: str) -> None:
    catalogue = load(chain)
    nodes = [node for _name, codes in catalogue.segments for node in codes]
    assert sorted(item.node for item in catalogue.items) == sorted(nodes)


@pytest.mark.parametrize("chain", CHAINS)
def test_no_name_is_two_products(chain: str) -> None:
    names = [name for item in load(chain).items for name in set(item.names)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("chain", CHAINS)
def test_no_decoy_is_a_product_of_the_chain(chain: str) -> None:
    names = {fold(name) for item in load(chain).items for name in item.names}
    decoys = {fold(name) for item in load(chain).items for name in item.near}
    assert not names & decoys


@pytest.mark.parametrize("chain", CHAINS)
def test_every_item_can_be_asked_for_and_offered(chain: str) -> None:
    for item in load(chain).items:
        assert len(item.names) >= 3, item.node
        assert item.certificates, item.node
        assert item.quantity[0] < item.quantity[1], item.node
        assert 0 < item.price[0] < item.price[1], item.node


@pytest.mark.parametrize("chain", CHAINS)
def test_every_parameter_tells_good_from_bad(chain: str) -> None:
    for item in load(chain).items:
        names = [name for parameter in item.parameters for name in {parameter.name, *parameter.aliases}]
        assert len(names) == len(set(names)), item.node
        for parameter in item.parameters:
            if parameter.choices:
                words = [word for group in parameter.choices for word in {fold(word) for word in group}]
                assert len(words) == len(set(words)), (item.node, parameter.name)
                assert len(parameter.choices) >= 2
            else:
                assert parameter.step > 0
                assert parameter.last >= 1
