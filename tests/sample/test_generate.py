"""What the generator promises of its lines."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from chainmatch.sample.catalogue import CHAINS
from chainmatch.sample.generate import generate
from chainmatch.sample.records import Demand, Sample, State, Supply
from matching.engine.types import Operator
from tests.sample.conftest import TODAY
from tests.sample.reading import item_of

MOST_DECIMALS = {"quantity": 4, "price": 4, "value": 8}


def test_the_same_seed_gives_the_same_sample(sample: Sample) -> None:
    assert generate(today=TODAY) == sample


def test_another_seed_gives_another_sample(sample: Sample) -> None:
    assert generate(sample.seed + 1, today=TODAY).supplies != sample.supplies


def test_a_later_day_moves_dates_and_nothing_else(sample: Sample) -> None:
    later = generate(today=TODAY + timedelta(days=100))
    assert [line.header.title for line in later.supplies] == [line.header.title for line in sample.supplies]
    assert [line.properties for line in later.supplies] == [line.properties for line in sample.supplies]
    moved = {
        b.header.valid_until - a.header.valid_until
        for a, b in zip(sample.demands, later.demands, strict=True)
    }
    assert moved == {timedelta(days=100)}


def test_enough_lines_in_every_chain(sample: Sample) -> None:
    demands = Counter(line.header.chain for line in sample.demands)
    supplies = Counter(line.header.chain for line in sample.supplies)
    assert set(demands) == set(supplies) == set(CHAINS)
    assert min(demands.values()) >= 80
    assert min(supplies.values()) >= 600
    assert sum(demands.values()) >= 800
    assert sum(supplies.values()) >= 6000


def test_line_numbers_are_unique_in_a_firm(sample: Sample) -> None:
    for identities in (
        [line.header.id for line in sample.demands],
        [line.header.id for line in sample.supplies],
    ):
        assert len(identities) == len(set(identities))


def test_every_firm_has_a_line_of_its_own_kind(sample: Sample) -> None:
    leaders = {firm.uscc for firm in sample.firms if firm.leads}
    members = {firm.uscc for firm in sample.firms if not firm.leads}
    assert {line.header.uscc for line in sample.demands} <= leaders
    assert {line.header.uscc for line in sample.supplies} == members


def test_work_queues_are_not_empty(sample: Sample) -> None:
    lines: tuple[Demand | Supply, ...] = (*sample.demands, *sample.supplies)
    states = Counter(line.header.state for line in lines)
    assert set(states) == set(State)
    assert states[State.VERIFIED] > 0.9 * states.total()
    returned = [line for line in sample.supplies if line.header.state is State.RETURNED]
    assert all(line.header.reason for line in returned)


def test_firms_forget_things(sample: Sample) -> None:
    def share(count: int) -> float:
        return count / len(sample.supplies)

    supplies = sample.supplies
    assert 0.05 < share(sum(line.price_low is None for line in supplies)) < 0.25
    assert 0.1 < share(sum(line.capacity is None for line in supplies)) < 0.25
    assert 0.1 < share(sum(not line.certificates for line in supplies)) < 0.25
    assert any(not line.properties for line in supplies)
    assert any(line.free_capacity is None for line in supplies)


def test_about_a_tenth_of_the_nodes_is_wrong_or_empty(sample: Sample) -> None:
    lines: tuple[Demand | Supply, ...] = (*sample.demands, *sample.supplies)
    amiss = sum(line.header.node != item_of(line).node for line in lines) / len(lines)
    empty = sum(not line.header.node for line in lines) / len(lines)
    assert 0.07 < amiss < 0.18
    assert 0.04 < empty < amiss


def test_one_product_goes_under_many_names_and_units(sample: Sample) -> None:
    lines: tuple[Demand | Supply, ...] = (*sample.demands, *sample.supplies)
    other_names = sum(line.header.title != item_of(line).names[0] for line in lines)
    other_units = sum(line.header.unit != item_of(line).unit for line in lines)
    assert other_names > len(lines) / 2
    assert other_units > len(lines) / 5


def test_every_requirement_can_be_answered(sample: Sample) -> None:
    ends = {
        Operator.AT_LEAST: (True, False),
        Operator.AT_MOST: (False, True),
        Operator.BETWEEN: (True, True),
    }
    for demand in sample.demands:
        assert any(row.hard for row in demand.requirements)
        for row in demand.requirements:
            stated = (row.low is not None, row.high is not None)
            if row.values:
                assert stated == (False, False)
                assert row.operator in (Operator.EQUAL, Operator.ONE_OF)
            else:
                assert stated == ends.get(row.operator, (True, True))
                assert row.low is None or row.high is None or row.low <= row.high


def test_numbers_fit_the_columns(sample: Sample) -> None:
    for demand in sample.demands:
        assert demand.quantity > 0
        assert _decimals(demand.quantity) <= MOST_DECIMALS["quantity"]
        assert _decimals(demand.price_ceiling) <= MOST_DECIMALS["price"]
    for supply in sample.supplies:
        for amount in (supply.capacity, supply.free_capacity, supply.minimum_order):
            assert _decimals(amount) <= MOST_DECIMALS["quantity"]
        for price in (supply.price_low, supply.price_high):
            assert _decimals(price) <= MOST_DECIMALS["price"]
        for row in supply.properties:
            assert max(_decimals(row.low), _decimals(row.high)) <= MOST_DECIMALS["value"]
        if supply.price_low is not None and supply.price_high is not None:
            assert supply.price_low <= supply.price_high


def _decimals(number: object) -> int:
    return len(str(number).partition(".")[2]) if number is not None else 0


def test_dates_lie_around_the_day(sample: Sample) -> None:
    for line in sample.supplies:
        expired = line.header.state is State.EXPIRED
        assert (line.header.valid_until < TODAY) is expired
    for demand in sample.demands:
        if demand.deliver_from is not None and demand.deliver_until is not None:
            assert TODAY <= demand.deliver_from <= demand.deliver_until
