"""Rounds and lines: typed input, one table of transitions, identity by the firm's own number."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.roles import OrganisationKind, Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists import access, queries
from matching.lists.models import DemandLine, LineEvent, Requirement, Round, SupplyLine
from matching.lists.services import (
    ListRow,
    advance_rounds,
    change_line,
    change_round,
    expire_lines,
    next_key,
    plan_round,
    remind_expiring,
    replace_list,
    rounds,
    save_line,
)
from matching.lists.states import LINE, LineAction, LineState, RoundAction, RoundState
from matching.notices.models import Notice
from tests import factories, world

pytestmark = pytest.mark.django_db
THICKNESS = {
    "parameter": "厚度",
    "operator": "between",
    "low": Decimal(110),
    "high": Decimal(130),
    "unit": "μm",
}


def _submit(here: world.World, line: DemandLine | SupplyLine) -> None:
    if isinstance(line, DemandLine):
        change_line(actor=here.leader, model=DemandLine, line_id=line.pk, action=LineAction.SUBMIT)
    else:
        change_line(actor=here.member, model=SupplyLine, line_id=line.pk, action=LineAction.SUBMIT)


# Rounds


def test_rounds_open_and_close_on_their_dates() -> None:
    here = world.build()
    now = timezone.now()
    later = plan_round(
        actor=here.office,
        chain_id=here.chain.pk,
        name="下一期",
        opens_at=now + timedelta(days=40),
        closes_at=now + timedelta(days=70),
    )
    assert advance_rounds(now=now) == 0
    assert advance_rounds(now=now + timedelta(days=31)) == 1
    here.round.refresh_from_db()
    assert here.round.state == RoundState.CLOSED
    assert advance_rounds(now=now + timedelta(days=41)) == 1
    later.refresh_from_db()
    assert later.state == RoundState.OPEN


def test_a_second_open_round_of_a_chain_is_a_conflict_and_waits_for_the_clock() -> None:
    here = world.build()
    second = factories.make_round(here.chain, RoundState.PLANNED)
    with pytest.raises(Conflict) as refused:
        change_round(actor=here.office, round_id=second.pk, action=RoundAction.OPEN)
    assert refused.value.code == "round_already_open"
    assert advance_rounds(now=timezone.now()) == 0


def test_rounds_whose_period_passed_unnoticed_are_closed() -> None:
    here = world.build()
    missed = factories.make_round(here.chain, RoundState.PLANNED, now=timezone.now() - timedelta(days=60))
    assert (advance_rounds(now=timezone.now()), advance_rounds(now=timezone.now())) == (1, 0)
    missed.refresh_from_db()
    here.round.refresh_from_db()
    assert (missed.state, here.round.state) == (RoundState.CLOSED, RoundState.OPEN)


def test_closing_late_moves_the_end_of_the_round() -> None:
    here = world.build()
    late = factories.make_round(
        factories.make_chain("nev"), RoundState.OPEN, now=timezone.now() - timedelta(days=60)
    )
    begin = timezone.now()
    assert advance_rounds(now=begin) == 1
    late.refresh_from_db()
    assert begin <= late.closes_at <= timezone.now()
    assert Round.objects.get(pk=here.round.pk).closes_at == here.round.closes_at


def _blind_at_first(check: Callable[[Any], None]) -> Callable[[Any], None]:
    """The check as a rival's transaction leaves it: nothing to see until the database refuses."""
    calls: list[Any] = []

    def late(record: Any) -> None:
        calls.append(record)
        if len(calls) > 1:
            check(record)

    return late


def test_rounds_opened_or_named_at_once_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    second = factories.make_round(here.chain, RoundState.PLANNED)
    rivals = rounds._refuse_second_open_round
    monkeypatch.setattr(rounds, "_refuse_second_open_round", _blind_at_first(rivals))
    with pytest.raises(Conflict) as refused:
        change_round(actor=here.office, round_id=second.pk, action=RoundAction.OPEN)
    assert refused.value.code == "round_already_open"
    monkeypatch.setattr(rounds, "clean", _blind_at_first(rounds.clean))
    now = timezone.now()
    with pytest.raises(Invalid):
        plan_round(
            actor=here.office,
            chain_id=here.chain.pk,
            name=second.name,
            opens_at=now,
            closes_at=now + timedelta(1),
        )
    assert Round.objects.count() == 2


def test_a_round_that_closes_before_it_opens_is_told_in_words() -> None:
    here = world.build()
    now = timezone.now()
    with pytest.raises(Invalid):
        plan_round(
            actor=here.office, chain_id=here.chain.pk, name="反了", opens_at=now, closes_at=now - timedelta(1)
        )


def test_only_the_chains_office_plans_rounds() -> None:
    here = world.build()
    now = timezone.now()
    for person in (here.leader, here.department, factories.make_user(Role.CHAIN_OFFICE, chains=("nev",))):
        with pytest.raises(Forbidden):
            plan_round(
                actor=person, chain_id=here.chain.pk, name="x", opens_at=now, closes_at=now + timedelta(1)
            )


# Lines


def test_a_line_goes_from_draft_to_verified() -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain, requirements=(THICKNESS,))
    _submit(here, line)
    done = change_line(actor=here.office, model=DemandLine, line_id=line.pk, action=LineAction.VERIFY)
    assert (done.state, done.round) == (LineState.VERIFIED, here.round)
    assert list(LineEvent.objects.filter(demand=line).order_by("pk").values_list("action", flat=True)) == [
        "edit",
        "submit",
        "verify",
    ]


def test_a_returned_line_tells_the_firm_why() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain)
    _submit(here, line)
    with pytest.raises(Invalid) as refused:
        change_line(actor=here.office, model=SupplyLine, line_id=line.pk, action=LineAction.RETURN)
    assert list(refused.value.fields) == ["reason"]
    change_line(
        actor=here.office, model=SupplyLine, line_id=line.pk, action=LineAction.RETURN, reason="缺少证书编号"
    )
    line.refresh_from_db()
    assert (line.state, line.reason) == (LineState.RETURNED, "缺少证书编号")
    assert "缺少证书编号" in Notice.objects.get(user=here.member).text_zh


def test_nothing_is_submitted_without_an_open_round() -> None:
    here = world.build()
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    line = factories.make_demand(here.leader, here.chain)
    with pytest.raises(Conflict) as refused:
        _submit(here, line)
    assert refused.value.code == "no_open_round"


def test_what_is_missing_is_told_field_by_field() -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain, quantity=None, unit="")
    with pytest.raises(Invalid) as refused:
        _submit(here, line)
    assert sorted(refused.value.fields) == ["quantity", "unit"]


@pytest.mark.parametrize("state", LineState.values)
@pytest.mark.parametrize("action", ["submit", "verify", "return", "withdraw", "restore", "confirm"])
def test_only_declared_transitions_happen(state: str, action: str) -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain, state=LineState(state))
    actor = here.office if action in ("verify", "return") else here.leader
    if LINE.allows(state, action):
        done = change_line(
            actor=actor, model=DemandLine, line_id=line.pk, action=LineAction(action), reason="理由"
        )
        assert done.state == LINE.target(state, action)
        return
    with pytest.raises(Conflict):
        change_line(actor=actor, model=DemandLine, line_id=line.pk, action=LineAction(action), reason="理由")


def test_a_city_verifies_only_its_own_firms() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain)
    _submit(here, line)
    datong = factories.make_user(Role.CITY_TASK_FORCE, regions=("1402",))
    with pytest.raises(Forbidden):
        change_line(actor=datong, model=SupplyLine, line_id=line.pk, action=LineAction.VERIFY)
    taiyuan = factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",))
    assert change_line(actor=taiyuan, model=SupplyLine, line_id=line.pk, action=LineAction.VERIFY).state == (
        LineState.VERIFIED
    )


@pytest.mark.parametrize("reason", ["长" * 501, "断\0行"])
def test_a_reason_that_can_not_be_stored_is_refused(reason: str) -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, state=LineState.SUBMITTED)
    with pytest.raises(Invalid) as refused:
        change_line(
            actor=here.office, model=SupplyLine, line_id=line.pk, action=LineAction.RETURN, reason=reason
        )
    assert list(refused.value.fields) == ["reason"]


def test_an_office_limited_to_regions_sees_and_verifies_only_firms_there() -> None:
    here = world.build()
    near = factories.make_supply(here.member, here.chain, state=LineState.SUBMITTED)
    datong = factories.make_firm(OrganisationKind.MEMBER_FIRM, region="140202")
    far = factories.make_supply(
        factories.make_user(Role.MEMBER_FIRM, datong), here.chain, state=LineState.SUBMITTED
    )
    office = factories.make_user(Role.CHAIN_OFFICE, chains=(here.chain.pk,), regions=("1401",))
    head = factories.make_user(Role.CHAIN_HEAD, chains=(here.chain.pk,), regions=("1402",))
    assert set(SupplyLine.objects.visible_to(here.office)) == {near, far}
    assert set(SupplyLine.objects.visible_to(office)) == {near}
    assert set(SupplyLine.objects.visible_to(head)) == {far}
    assert set(queries.to_verify(office, SupplyLine)) == {near}
    assert [access.sees_secrets(office, line) for line in (near, far)] == [True, False]
    with pytest.raises(Forbidden):
        change_line(actor=office, model=SupplyLine, line_id=far.pk, action=LineAction.VERIFY)
    change_line(actor=office, model=SupplyLine, line_id=near.pk, action=LineAction.VERIFY)
    assert not access.can_manage_round(office, here.round)
    assert not access.counts_lines(office, here.round)


def test_offices_see_what_was_handed_in_and_nothing_that_was_only_drafted() -> None:
    here = world.build()
    drafted = factories.make_demand(here.leader, here.chain, key="D1")
    sent = factories.make_demand(here.leader, here.chain, key="D2")
    edited = factories.make_demand(here.leader, here.chain, key="D3")
    _submit(here, sent)
    _submit(here, edited)
    factories.make_demand(here.leader, here.chain, key="D3", quantity=Decimal(7))
    for line in (drafted, sent, edited):
        change_line(actor=here.leader, model=DemandLine, line_id=line.pk, action=LineAction.WITHDRAW)
    assert set(DemandLine.objects.visible_to(here.office)) == {sent}
    assert set(DemandLine.objects.visible_to(here.leader)) == {drafted, sent, edited}


def test_bad_rows_are_told_by_path_all_at_once() -> None:
    here = world.build()
    with pytest.raises(Invalid) as refused:
        factories.make_demand(
            here.leader,
            here.chain,
            title="",
            quantity=Decimal(-1),
            requirements=(
                {"parameter": "", "operator": "at_least", "low": Decimal(1)},
                {"parameter": "厚度", "operator": "between", "low": Decimal(3), "high": Decimal(2)},
                {"parameter": "强度", "operator": "at_least"},
            ),
        )
    assert sorted(refused.value.fields) == [
        "quantity",
        "requirements.0.parameter",
        "requirements.1.high",
        "requirements.2.low",
        "title",
    ]
    assert DemandLine.objects.count() == 0


def test_editing_a_verified_line_makes_it_a_draft_and_saving_it_unchanged_does_not() -> None:
    here = world.build()
    line = factories.make_demand(
        here.leader, here.chain, key="D1", state=LineState.VERIFIED, requirements=(THICKNESS,)
    )
    same = factories.make_demand(here.leader, here.chain, key="D1", requirements=(THICKNESS,))
    assert (same.pk, same.state) == (line.pk, LineState.VERIFIED)
    changed = factories.make_demand(here.leader, here.chain, key="D1", quantity=Decimal(5))
    assert (changed.pk, changed.state) == (line.pk, LineState.DRAFT)
    assert Requirement.objects.filter(demand=line).count() == 0


def test_saving_a_withdrawn_line_restores_it() -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain, key="D1", state=LineState.WITHDRAWN)
    same = factories.make_demand(here.leader, here.chain, key="D1")
    assert (same.pk, same.state) == (line.pk, LineState.DRAFT)
    assert LineEvent.objects.filter(demand=line)[0].action == LineAction.RESTORE


def _create(here: world.World, key: str = "") -> str:
    line = save_line(
        actor=here.leader,
        model=DemandLine,
        organisation=factories.firm_of(here.leader),
        key=key,
        values={"chain_id": here.chain.pk, "title": "硅片"},
        rows={},
        create=True,
    )
    return line.key


def test_a_new_line_never_takes_the_place_of_a_stored_one() -> None:
    here = world.build()
    assert [_create(here), _create(here), _create(here, "A")] == ["D0001", "D0002", "A"]
    with pytest.raises(Conflict) as refused:
        _create(here, "A")
    assert refused.value.code == "key_taken"


@pytest.mark.django_db(transaction=True)
def test_lines_created_at_once_get_different_numbers() -> None:
    here = world.build()
    both_ready = Barrier(2)

    def create() -> str:
        both_ready.wait(timeout=30)
        try:
            return _create(here)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = [future.result(timeout=60) for future in [pool.submit(create) for _ in range(2)]]
    assert sorted(numbers) == ["D0001", "D0002"]


def test_free_capacity_can_not_fall_below_what_is_committed() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, key="S1", free_capacity=Decimal(100))
    SupplyLine.objects.filter(pk=line.pk).update(committed=Decimal(60))
    with pytest.raises(Invalid) as refused:
        factories.make_supply(here.member, here.chain, key="S1", free_capacity=Decimal(50))
    assert "free_capacity" in refused.value.fields


def test_free_capacity_is_a_part_of_the_whole() -> None:
    here = world.build()
    factories.make_supply(here.member, here.chain, capacity=Decimal(100), free_capacity=Decimal(100))
    with pytest.raises(Invalid) as refused:
        factories.make_supply(here.member, here.chain, capacity=Decimal(99), free_capacity=Decimal(100))
    assert set(refused.value.fields) == {"capacity"}


def test_firms_write_only_their_own_lines() -> None:
    here = world.build()
    stranger = factories.make_user(Role.LEADER_FIRM)
    for person, owner in ((stranger, here.leader), (here.member, here.member)):
        with pytest.raises(Forbidden):
            save_line(
                actor=person,
                model=DemandLine,
                organisation=factories.firm_of(owner),
                key="D1",
                values={"chain_id": here.chain.pk, "title": "x"},
                rows={},
            )


# Whole lists


def _row(key: str, quantity: int) -> ListRow:
    return ListRow(
        key=key, values={"title": f"硅片{key}", "quantity": Decimal(quantity), "unit": "片"}, rows={}
    )


def test_replacing_a_list_keeps_identity() -> None:
    here = world.build()
    firm = factories.firm_of(here.leader)

    def replace(*rows: ListRow) -> tuple[list[str], ...]:
        done = replace_list(
            actor=here.leader, model=DemandLine, organisation=firm, chain_id=here.chain.pk, rows=rows
        )
        return done.created, done.changed, done.unchanged, done.withdrawn

    assert replace(_row("A", 1), _row("B", 1)) == (["A", "B"], [], [], [])
    first = DemandLine.objects.get(key="A")
    DemandLine.objects.update(state=LineState.VERIFIED)
    assert replace(_row("A", 1), _row("C", 1)) == (["C"], [], ["A"], ["B"])
    assert DemandLine.objects.get(key="A").state == LineState.VERIFIED
    assert replace(_row("A", 2), _row("B", 1), _row("C", 1)) == ([], ["A"], ["B", "C"], [])
    assert DemandLine.objects.get(key="A").pk == first.pk
    assert DemandLine.objects.get(key="B").state == LineState.DRAFT


def test_one_bad_row_changes_nothing_and_every_fault_is_told() -> None:
    here = world.build()
    rows = [_row("A", 1), _row("A", 2), ListRow(key="B", values={"title": ""}, rows={})]
    with pytest.raises(Invalid) as refused:
        replace_list(
            actor=here.leader,
            model=DemandLine,
            organisation=factories.firm_of(here.leader),
            chain_id=here.chain.pk,
            rows=rows,
        )
    assert sorted(refused.value.fields) == ["1.key", "2.title"]
    assert DemandLine.objects.count() == 0


def test_a_lists_dates_move_forward_only_and_a_confirmed_line_stays_verified() -> None:
    here = world.build()
    today = timezone.localdate()

    def replace(days: int) -> tuple[str, int]:
        values = {**_row("A", 1).values, "valid_until": today + timedelta(days=days)}
        done = replace_list(
            actor=here.leader,
            model=DemandLine,
            organisation=factories.firm_of(here.leader),
            chain_id=here.chain.pk,
            rows=[ListRow(key="A", values=values, rows={})],
        )
        assert not done.changed
        line = DemandLine.objects.get(key="A")
        return line.state, (line.valid_until - today).days

    replace(10)
    DemandLine.objects.update(state=LineState.VERIFIED, reminded_for=today)
    line = DemandLine.objects.get(key="A")
    change_line(
        actor=here.leader,
        model=DemandLine,
        line_id=line.pk,
        action=LineAction.CONFIRM,
        valid_until=today + timedelta(days=90),
    )
    assert replace(10) == (LineState.VERIFIED, 90)
    assert replace(100) == (LineState.VERIFIED, 100)
    assert LineEvent.objects.filter(demand=line, action=LineAction.CONFIRM).count() == 2
    DemandLine.objects.update(state=LineState.EXPIRED, valid_until=today - timedelta(days=9))
    assert replace(-8) == (LineState.EXPIRED, -8)
    assert replace(30) == (LineState.SUBMITTED, 30)


def test_a_firm_may_shorten_one_line_and_it_stays_verified() -> None:
    here = world.build()
    soon = timezone.localdate() + timedelta(days=5)
    factories.make_demand(here.leader, here.chain, key="D1", state=LineState.VERIFIED)
    line = factories.make_demand(here.leader, here.chain, key="D1", valid_until=soon)
    assert (line.state, line.valid_until) == (LineState.VERIFIED, soon)


def test_line_numbers_are_given_where_a_firm_has_none() -> None:
    here = world.build()
    firm = factories.firm_of(here.leader)
    assert next_key(organisation=firm, model=DemandLine) == "D0001"
    factories.make_demand(here.leader, here.chain, key="D0002")
    assert next_key(organisation=firm, model=DemandLine) == "D0003"


# Validity


def test_owners_are_asked_once_before_a_line_lapses_and_told_when_it_has() -> None:
    here = world.build()
    today = timezone.localdate()
    line = factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED, valid_until=today + timedelta(days=10)
    )
    assert (remind_expiring(today=today), remind_expiring(today=today)) == (1, 0)
    assert expire_lines(today=today + timedelta(days=11)) == 1
    line.refresh_from_db()
    assert line.state == LineState.EXPIRED
    assert sorted(Notice.objects.filter(user=here.member).values_list("key", flat=True)) == [
        f"expired:{line.pk}:{line.valid_until}",
        f"expiring:{line.pk}:{line.valid_until}",
    ]


def test_confirming_a_line_extends_it() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, state=LineState.EXPIRED)
    until = timezone.localdate() + timedelta(days=90)
    done = change_line(
        actor=here.member,
        model=SupplyLine,
        line_id=line.pk,
        action=LineAction.CONFIRM,
        valid_until=until,
    )
    assert (done.state, done.valid_until) == (LineState.SUBMITTED, until)


def test_a_round_of_another_age_is_a_slip() -> None:
    here = world.build()
    ages = (datetime(1, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC))
    with pytest.raises(Invalid) as refused:
        plan_round(
            actor=here.office, chain_id=here.chain.pk, name="古今", opens_at=ages[0], closes_at=ages[1]
        )
    assert sorted(refused.value.fields) == ["closes_at", "opens_at"]


def test_a_promised_line_is_not_withdrawn() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    SupplyLine.objects.filter(pk=line.pk).update(committed=Decimal(1))
    with pytest.raises(Conflict) as refused:
        change_line(actor=here.member, model=SupplyLine, line_id=line.pk, action=LineAction.WITHDRAW)
    assert refused.value.code == "committed"
