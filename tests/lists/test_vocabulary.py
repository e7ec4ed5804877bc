"""The words of workbooks come from the programme's own reference data."""

from __future__ import annotations

import pytest

from matching.chains.models import Chain
from matching.chains.services import load_reference
from matching.engine.units import known
from matching.lists.queries.vocabulary import COMMON_UNITS, vocabulary
from matching.sheets.naming import Names


@pytest.mark.django_db
def test_chains_nodes_and_regions_of_the_reference_data() -> None:
    load_reference()
    words = vocabulary()
    names = Names(words, "zh-hans")
    assert [chain.code for chain in words.chains] == list(Chain.objects.values_list("code", flat=True))
    rail = words.chains[0]
    assert (rail.code, names.chains[rail.code]) == ("rail-transit", "先进轨道交通")
    leaves = names.leaves(rail)
    assert len(leaves) == len(set(leaves)) > 20
    assert names.place("140105") == "山西省太原市小店区"
    assert names.place("110101") == "北京市东城区"
    assert names.place("999999") == "999999"


@pytest.mark.django_db
def test_english_names_of_chains_and_nodes() -> None:
    load_reference()
    names = Names(vocabulary(), "en")
    assert all(name.isascii() for name in [*names.chains.values(), *names.nodes.values()])


@pytest.mark.django_db
def test_what_an_office_changes_counts_at_once() -> None:
    load_reference()
    vocabulary()
    Chain.objects.filter(code="rail-transit").update(name_zh="轨道交通")
    assert vocabulary().chains[0].name == "轨道交通"


def test_the_engine_knows_every_common_unit() -> None:
    assert [unit for unit in COMMON_UNITS if not known(unit)] == []
