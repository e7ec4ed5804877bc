"""The truth agrees with what is written, and has enough of everything to measure with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from chainmatch.sample.records import Difficulty, Outcome, Sample, State
from chainmatch.sample.truth import read_truth, truth, write_truth
from matching.engine.types import GapType
from tests.sample.conftest import TODAY
from tests.sample.reading import JUDGED, item_of, judged

FAILING = JUDGED - {Difficulty.UNKNOWN, Difficulty.PARTIAL_CAPACITY}


def test_every_verified_demand_has_its_truth(sample: Sample) -> None:
    verified = [line.header.id for line in sample.demands if line.header.state is State.VERIFIED]
    assert sorted(record.demand for record in sample.truth) == sorted(verified)


def test_the_truth_follows_from_the_written_values(sample: Sample) -> None:
    demands = {line.header.id: line for line in sample.demands}
    supplies = {line.header.id: line for line in sample.supplies}
    firms = {firm.uscc: firm for firm in sample.firms}
    for record in sample.truth:
        demand = demands[record.demand]
        for offer in record.offers:
            if Difficulty.DECOY in offer.difficulties:
                continue
            supply = supplies[offer.supply]
            found = judged(demand, supply, firms[supply.header.uscc], TODAY)
            assert found == JUDGED & set(offer.difficulties), (record.demand, offer)


def test_the_outcome_follows_from_the_difficulties(sample: Sample) -> None:
    for record in sample.truth:
        for offer in record.offers:
            reasons = set(offer.difficulties)
            if reasons & (FAILING | {Difficulty.DECOY}):
                expected = Outcome.UNMET
            elif Difficulty.UNKNOWN in reasons:
                expected = Outcome.UNKNOWN
            elif Difficulty.PARTIAL_CAPACITY in reasons:
                expected = Outcome.PARTIAL
            else:
                expected = Outcome.MET
            assert offer.outcome is expected


def test_only_verified_lines_of_the_same_product_are_judged(sample: Sample) -> None:
    demands = {line.header.id: line for line in sample.demands}
    supplies = {line.header.id: line for line in sample.supplies}
    for record in sample.truth:
        product = item_of(demands[record.demand])
        offers = [supplies[offer.supply] for offer in record.offers]
        assert all(line.header.state is State.VERIFIED for line in offers)
        assert all(item_of(line) is product for line in offers)


def test_demands_have_three_answers_or_a_reason_why_not(sample: Sample) -> None:
    for record in sample.truth:
        if record.gap is None:
            assert len(record.having(Outcome.MET)) >= 3
        else:
            assert not record.having(Outcome.MET, Outcome.PARTIAL)
    share = sum(record.gap is not None for record in sample.truth) / len(sample.truth)
    assert 0.05 < share < 0.11
    assert {record.gap for record in sample.truth} == {None, *GapType}


def test_every_difficulty_occurs_often_enough_to_be_measured(sample: Sample) -> None:
    counts = Counter(d for record in sample.truth for offer in record.offers for d in offer.difficulties)
    assert set(counts) == set(Difficulty)
    assert min(counts.values()) >= 80


def test_near_duplicates_come_from_one_firm(sample: Sample) -> None:
    for record in sample.truth:
        firms = Counter(offer.supply[0] for offer in record.offers)
        doubles = [o.supply[0] for o in record.offers if Difficulty.NEAR_DUPLICATE in o.difficulties]
        assert all(firms[uscc] >= 2 for uscc in doubles)


def test_the_demo_firms_have_matches_together(sample: Sample) -> None:
    leader, member = sample.guide
    together = [
        supply
        for record in sample.truth
        if record.demand[0] == leader
        for supply in record.having(Outcome.MET)
        if supply[0] == member
    ]
    assert len(together) >= 3


def test_the_truth_survives_its_file(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "truth.jsonl"
    write_truth(path, sample.truth)
    assert read_truth(path) == sample.truth
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(sample.truth)


def test_the_truth_can_be_had_without_a_database(sample: Sample) -> None:
    assert truth(today=TODAY) == sample.truth
