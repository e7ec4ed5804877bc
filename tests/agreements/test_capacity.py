"""What a contract takes of the supplier's capacity: netted in runs, never promised twice."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from matching.agreements.services import act, break_off
from matching.agreements.states import AgreementAction
from matching.errors import Conflict
from matching.lists.models import SupplyLine
from matching.lists.services import capacity, release_ended, take_capacity
from matching.lists.takings import CapacityTaken
from matching.review.models import Review
from matching.review.services import decide
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Award
from tests import factories, world
from tests.agreements.pairs import Pair, pair_with_appointment
from tests.torture import times

TODAY = date(2026, 11, 22)


def line_of(review: Review) -> SupplyLine:
    """The offer as it is stored now."""
    return SupplyLine.objects.get(pk=review.supply_id)


def term(months: int) -> dict[str, Any]:
    """A delivery window that begins today."""
    today = timezone.localdate()
    return {"deliver_from": today, "deliver_until": today + timedelta(days=30 * months)}


@pytest.fixture
def pair(db: None) -> Pair:
    """An accepted pair: 100,000 of 300,000 a month are reserved."""
    found = pair_with_appointment()
    assert line_of(found.review).committed == 100_000
    return found


def test_a_contract_takes_its_own_quantity_in_place_of_what_was_reserved(pair: Pair) -> None:
    pair.agree(quantity=Decimal(60_000), unit="片", **term(2))
    assert line_of(pair.review).committed == 30_000
    assert Award.objects.get().quantity == 30_000


def test_without_a_quantity_it_takes_what_was_reserved(pair: Pair) -> None:
    pair.agree()
    assert line_of(pair.review).committed == 100_000


def test_more_than_is_free_is_refused_and_nothing_changes(pair: Pair) -> None:
    stated = pair.state(quantity=Decimal(900_000), unit="片", **term(1))
    with pytest.raises(Conflict) as refused:
        act(actor=pair.here.member, agreement_id=stated.pk, action=AgreementAction.CONFIRM)
    assert refused.value.code == "capacity_taken"
    stated.refresh_from_db()
    assert (stated.state, int(line_of(pair.review).committed)) == ("stated", 100_000)


def test_an_annulled_contract_gives_back_and_the_pair_reserves_again(pair: Pair) -> None:
    contract = pair.agree(quantity=Decimal(60_000), unit="片", **term(2))
    act(actor=pair.here.office, agreement_id=contract.pk, action=AgreementAction.ANNUL, reason="录错")
    assert line_of(pair.review).committed == 100_000
    assert Review.objects.get(pk=pair.review.pk).quantity == 100_000


def test_a_pair_with_a_contract_is_not_reopened_but_broken_off(pair: Pair) -> None:
    pair.agree(quantity=Decimal(60_000), unit="片", **term(2))
    with pytest.raises(Conflict):
        decide(actor=pair.here.office, review_id=pair.review.pk, action=ReviewAction.REOPEN)
    break_off(actor=pair.here.member, review_id=pair.review.pk, reason="停产")
    assert line_of(pair.review).committed == 0
    assert Review.objects.get(pk=pair.review.pk).state == ReviewState.DECLINED
    assert not Award.objects.exists()


def test_a_contract_whose_time_is_over_takes_nothing(pair: Pair) -> None:
    pair.agree(quantity=Decimal(60_000), unit="片", **term(2))
    later = timezone.localdate() + timedelta(days=70)
    assert (release_ended(today=later), release_ended(today=later)) == (1, 0)
    assert line_of(pair.review).committed == 0


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=6))
def test_the_fullest_month_is_what_a_day_by_day_count_finds(windows: list[tuple[int, int, int]]) -> None:
    takings = [
        CapacityTaken(
            begins_on=TODAY + timedelta(days=begin),
            ends_on=TODAY + timedelta(days=begin + length),
            monthly=Decimal(monthly),
        )
        for begin, length, monthly in windows
    ]
    days = [TODAY + timedelta(days=day) for day in range(10, 80)]
    by_day = max(sum(one.monthly for one in takings if one.begins_on <= day <= one.ends_on) for day in days)
    assert capacity.fullest(takings, days[0]) == by_day


def _takes(line: SupplyLine, callers: int) -> list[str]:
    """Contracts that want the last of a line's capacity, all at once; what each was told."""
    gate = Barrier(callers)
    window: dict[str, Any] = {"begins_on": TODAY, "ends_on": TODAY + timedelta(days=3650)}

    def one(_number: int) -> str:
        source = uuid.uuid4()
        gate.wait()
        try:
            take_capacity(supply_id=line.pk, pair=source, source=source, monthly=Decimal(1), **window)
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(callers) as pool:
        return sorted(pool.map(one, range(callers)))


@pytest.fixture
def last_unit(transactional_db: None) -> SupplyLine:
    """A line with one unit free."""
    here = world.build()
    return factories.make_supply(here.member, here.chain, free_capacity=Decimal(1))


def test_the_last_of_a_capacity_is_promised_once(last_unit: SupplyLine) -> None:
    callers = times(8, 200)
    for _again in range(times(1, 3)):
        assert _takes(last_unit, callers) == ["capacity_taken"] * (callers - 1) + ["taken"]
        CapacityTaken.objects.all().delete()
        SupplyLine.objects.update(committed=0)


def test_without_the_lock_it_is_promised_twice(
    last_unit: SupplyLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: each caller looks before any has written."""
    callers = 8
    seen = Barrier(callers)
    real = SupplyLine.objects.get

    def unlocked(supply_id: Any) -> SupplyLine:
        line = real(pk=supply_id)
        seen.wait()
        return line

    monkeypatch.setattr(capacity, "_locked", unlocked)
    monkeypatch.setattr(capacity, "fullest", lambda takings, since: Decimal(1))
    assert _takes(last_unit, callers).count("taken") > 1
