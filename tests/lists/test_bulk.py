"""Lines written in bulk are what ``save_line`` and ``change_line`` make of them, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.errors import Forbidden, Invalid, Refusal
from matching.lists.models import DemandLine, LineEvent, Property, Requirement, SupplyLine
from matching.lists.services import ListRow, change_line, save_line, save_lines, withdraw_lines
from matching.lists.states import LineAction, LineState
from tests import factories, world

pytestmark = pytest.mark.django_db
KEYS = ("A", "B", "C")
TODAY = timezone.localdate()
REQUIREMENT = {"parameter": "厚度", "operator": "between", "low": Decimal(1), "unit": "mm"}

texts = st.sampled_from(["硅片", "组件", ""])
numbers = st.sampled_from([None, Decimal(-1), Decimal("3.50"), Decimal(7)])
days = st.sampled_from([TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=200)])
values = st.fixed_dictionaries(
    {"title": texts, "quantity": numbers},
    optional={"unit": texts, "deliver_from": days, "deliver_until": days, "valid_until": days},
)
requirements = st.lists(
    st.sampled_from([REQUIREMENT | {"high": Decimal(2)}, REQUIREMENT, REQUIREMENT | {"high": Decimal(0)}]),
    max_size=2,
)
rows = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(values, st.none() | requirements), min_size=1, max_size=3
)
stored = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(LineState.values))


def _row(here: world.World, key: str, columns: dict[str, Any], wanted: Any) -> ListRow:
    children = {} if wanted is None else {"requirements": wanted}
    return ListRow(key, {"chain_id": here.chain.pk, **columns}, children)


def _one_by_one(here: world.World, rows: Sequence[ListRow], submit: bool) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for row in rows:
        held = DemandLine.objects.filter(key=row.key).first()
        named = dict(row.values)
        if held is not None and "valid_until" in named:
            named["valid_until"] = max(named["valid_until"], held.valid_until)
        try:
            line = save_line(
                actor=here.leader,
                model=DemandLine,
                organisation=factories.firm_of(here.leader),
                key=row.key,
                values=named,
                rows=row.rows,
                partial=True,
            )
        except Invalid as invalid:
            told[row.key] = dict(invalid.fields)
            continue
        if submit and line.state in (LineState.DRAFT, LineState.RETURNED):
            told[row.key] = _submitted(here, line)
    return told


def _submitted(here: world.World, line: DemandLine) -> Any:
    try:
        change_line(actor=here.leader, model=DemandLine, line_id=line.pk, action=LineAction.SUBMIT)
    except Refusal as refusal:
        return str(refusal)
    return None


def _at_once(here: world.World, rows: Sequence[ListRow], submit: bool) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for one in save_lines(
        actor=here.leader,
        model=DemandLine,
        organisation=factories.firm_of(here.leader),
        kind="product",
        rows=rows,
        partial=True,
        submit=submit,
    ):
        if one.problems:
            told[one.key] = one.problems
        elif one.unsent is not None or one.sent:
            told[one.key] = None if one.unsent is None else str(one.unsent)
    return told


def _stored() -> list[Any]:
    changing = {"id", "created_at", "updated_at", "submitted_at", "verified_at"}
    columns = [column.attname for column in DemandLine._meta.concrete_fields if column.name not in changing]
    found: list[Any] = []
    for line in DemandLine.objects.order_by("key"):
        children = Requirement.objects.filter(demand=line)
        events = LineEvent.objects.filter(demand=line).order_by("created_at", "pk")
        found.append(
            (
                {name: getattr(line, name) for name in columns},
                (line.submitted_at is None, line.created_at < line.updated_at),
                list(children.values_list("position", "parameter", "operator", "low", "high", "values")),
                list(events.values_list("action", "state", "actor", "reason")),
            )
        )
    return found


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(before=stored, rows=rows, submit=st.booleans())
def test_bulk_and_single_lines_end_alike(
    db: None, before: dict[str, LineState], rows: dict[str, Any], submit: bool
) -> None:
    with transaction.atomic():
        here = world.build()
        for key, state in before.items():
            factories.make_demand(here.leader, here.chain, key=key, state=LineState(state), title="硅片")
        wanted = [_row(here, key, *row) for key, row in rows.items()]
        ends = []
        for write in (_one_by_one, _at_once):
            mark = transaction.savepoint()
            ends.append((write(here, wanted, submit), _stored()))
            transaction.savepoint_rollback(mark)
        assert ends[0] == ends[1]
        transaction.set_rollback(True)


def _supplies(here: world.World, count: int, price: int) -> list[ListRow]:
    stated = {"parameter": "厚度", "low": Decimal(price), "high": Decimal(price), "unit": "mm"}
    return [
        ListRow(
            f"S{number}",
            {"chain_id": here.chain.pk, "title": f"硅片{number}", "price_low": Decimal(price)},
            {"properties": [stated], "certificates": [{"name": "ISO 9001"}]},
        )
        for number in range(count)
    ]


def _save(here: world.World, rows: Sequence[ListRow], **options: Any) -> list[Any]:
    firm = factories.firm_of(here.member)
    shared: dict[str, Any] = {"actor": here.member, "model": SupplyLine, "organisation": firm}
    return list(save_lines(kind="product", rows=rows, **shared, **options))


def test_many_lines_cost_the_queries_of_one() -> None:
    here = world.build()
    counts = []
    for price, count in ((1, 40), (2, 1), (3, 40)):
        with CaptureQueriesContext(connection) as queries:
            _save(here, _supplies(here, count, price), submit=True)
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert [line.price_low for line in SupplyLine.objects.all()].count(Decimal(3)) == 40
    assert Property.objects.count() == 40


def test_committed_capacity_is_not_written_over_and_not_undercut() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, key="S1")
    SupplyLine.objects.filter(pk=line.pk).update(committed=Decimal(60))
    row = ListRow("S1", {"chain_id": here.chain.pk, "title": "新", "free_capacity": Decimal(70)}, {})
    assert _save(here, [row], partial=True)[0].rewritten
    less = ListRow("S1", {**row.values, "free_capacity": Decimal(50)}, {})
    assert set(_save(here, [less], partial=True)[0].problems) == {"free_capacity"}
    line.refresh_from_db()
    assert (line.title, line.free_capacity, line.committed) == (
        "新",
        Decimal(70),
        Decimal(60),
    )


def test_a_row_that_was_compared_with_another_line_is_left_out() -> None:
    here = world.build()
    stale = [
        ListRow("S1", {"chain_id": here.chain.pk, "title": "甲"}, {}, stamp="of another content"),
        ListRow("S2", {"chain_id": here.chain.pk, "title": "乙"}, {}, stamp=""),
    ]
    factories.make_supply(here.member, here.chain, key="S1")
    assert [(one.key, one.stale, one.stored) for one in _save(here, stale)] == [
        ("S1", True, False),
        ("S2", False, True),
    ]
    assert [one.stale for one in _save(here, stale)] == [True, True]


def test_withdrawing_leaves_what_was_promised() -> None:
    here = world.build()
    lines = [factories.make_supply(here.member, here.chain, key=key) for key in KEYS]
    SupplyLine.objects.filter(key="B").update(committed=Decimal(1))
    SupplyLine.objects.filter(key="C").update(state=LineState.WITHDRAWN)
    firm = factories.firm_of(here.member)
    ids = [line.pk for line in lines]
    told = withdraw_lines(actor=here.member, model=SupplyLine, organisation=firm, ids=ids)
    assert {key: refusal and refusal.code for key, refusal in told.items()} == {"A": None, "B": "committed"}
    assert dict(SupplyLine.objects.values_list("key", "state")) == {
        "A": LineState.WITHDRAWN,
        "B": LineState.DRAFT,
        "C": LineState.WITHDRAWN,
    }
    assert LineEvent.objects.get(action=LineAction.WITHDRAW).supply_id == lines[0].pk


def test_nobody_writes_another_firms_list() -> None:
    here = world.build()
    firm = factories.firm_of(here.member)
    shared: dict[str, Any] = {"actor": here.leader, "model": SupplyLine, "organisation": firm}
    with pytest.raises(Forbidden):
        save_lines(kind="product", rows=_supplies(here, 1, 1), **shared)
    with pytest.raises(Forbidden):
        withdraw_lines(ids=[], **shared)
