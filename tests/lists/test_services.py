"""Rounds and lines: typed input, one table of transitions, identity by the firm's own number."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.roles import Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import DemandLine, LineEvent, Requirement, SupplyLine
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


def test_free_capacity_can_not_fall_below_what_is_committed() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, key="S1", free_capacity=Decimal(100))
    SupplyLine.objects.filter(pk=line.pk).update(committed=Decimal(60))
    with pytest.raises(Invalid) as refused:
        factories.make_supply(here.member, here.chain, key="S1", free_capacity=Decimal(50))
    assert "free_capacity" in refused.value.fields


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
