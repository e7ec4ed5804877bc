"""From a file to the list: compared first, applied as chosen, never over somebody's change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from accounts.roles import Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import DemandLine, LineEvent, SupplyLine
from matching.lists.services import change_line, save_line
from matching.lists.states import LineAction, LineState
from matching.notices.models import OutboxMessage
from matching.uploads import services
from matching.uploads.models import Side, Upload, UploadRow, problems_in
from matching.uploads.services.leases import LeaseLost, current, lease, renew
from matching.uploads.states import Outcome, Sort, UploadState
from tests import factories, world
from tests.uploads.readings import Desk, keys, reading, refusal, sorts

pytestmark = pytest.mark.django_db
CHAIN = "photovoltaic"
THICKNESS = {
    "parameter": "厚度",
    "operator": "between",
    "low": Decimal(110),
    "high": Decimal(130),
    "unit": "μm",
}


def _row(key: str | None, title: str = "硅片", **values: Any) -> dict[str, Any]:
    named = {"quantity": Decimal(5), "unit": "片", "period": "month", "requirements": [THICKNESS]}
    return {"key": key, "chain": CHAIN, "node": "wafer", "title": title, **named, **values}


@pytest.fixture
def here() -> world.World:
    return world.build()


@pytest.fixture
def desk(here: world.World, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch, here.leader)


def _lines() -> list[tuple[Any, ...]]:
    return list(DemandLine.objects.order_by("key").values_list("key", "title", "quantity", "state"))


def test_a_file_becomes_the_list_and_the_same_file_again_changes_nothing(desk: Desk) -> None:
    file = reading([_row("A"), _row("B", quantity=Decimal("7.50")), _row(None, "组件"), _row(None, "组件")])
    upload = desk.upload(file)
    assert (upload.state, sorts(upload)) == (UploadState.PREVIEWED, {"new": 4})
    assert DemandLine.objects.count() == 0
    done = desk.apply(upload)
    assert (done.state, done.result["created"]) == (UploadState.APPLIED, 4)
    assert _lines() == [
        ("A", "硅片", Decimal(5), "draft"),
        ("B", "硅片", Decimal("7.5"), "draft"),
        ("D0001", "组件", Decimal(5), "draft"),
        ("D0002", "组件", Decimal(5), "draft"),
    ]
    again = desk.upload(file)
    assert sorts(again) == {"unchanged": 4}
    before = list(DemandLine.objects.order_by("pk").values())
    desk.apply(again)
    assert list(DemandLine.objects.order_by("pk").values()) == before
    assert LineEvent.objects.count() == 4


def test_an_applied_row_is_what_the_form_would_have_stored(here: world.World, desk: Desk) -> None:
    typed = factories.make_demand(here.leader, here.chain, key="A", requirements=(THICKNESS,), regions=["14"])
    DemandLine.objects.filter(pk=typed.pk).update(key="B")
    desk.apply(
        desk.upload(reading([_row("A", typed.title, quantity=Decimal(100_000), regions=["14"], stage=None)]))
    )
    uploaded = DemandLine.objects.get(key="A")
    other = {"id", "key", "fingerprint", "created_at", "updated_at"}
    columns = [column.attname for column in DemandLine._meta.concrete_fields if column.name not in other]
    typed = DemandLine.objects.get(key="B")
    assert [getattr(uploaded, name) for name in columns] == [getattr(typed, name) for name in columns]
    saved = save_line(
        actor=here.leader,
        model=DemandLine,
        organisation=typed.organisation,
        key="A",
        values={"title": typed.title},
        rows={},
        partial=True,
    )
    assert saved.fingerprint == uploaded.fingerprint


def test_what_changes_is_told_field_by_field_and_absent_columns_stay(here: world.World, desk: Desk) -> None:
    line = factories.make_demand(
        here.leader, here.chain, key="A", description="旧", quantity=Decimal(5), state=LineState.VERIFIED
    )
    later = timezone.localdate() + timedelta(days=300)
    row = {"key": "A", "chain": CHAIN, "quantity": Decimal(6), "requirements": [THICKNESS]}
    upload = desk.upload(reading([{**row, "valid_until": later}]))
    told = {change["name"]: (change["old"], change["new"]) for change in upload.rows.get().changes}
    assert told.keys() == {"quantity", "requirements", "valid_until", "state"}
    assert told["quantity"] == ("5", "6")
    assert told["state"] == ("verified", "draft")
    desk.apply(upload)
    line.refresh_from_db()
    assert (line.quantity, line.description, line.title) == (Decimal(6), "旧", "N型单晶硅片")


def test_faulty_rows_are_told_by_cell_and_the_good_ones_go_in(desk: Desk) -> None:
    rows = [
        _row("A"),
        _row("B", quantity=Decimal(-1)),
        _row("C", requirements=[THICKNESS, {"parameter": "强度", "operator": "at_least"}]),
        _row("A"),
        _row("E", deliver_from=timezone.localdate(), deliver_until=timezone.localdate() - timedelta(days=1)),
        _row("F"),
        _row("G", title=""),
    ]
    upload = desk.upload(reading(rows, faults={5: "quantity"}))
    assert sorts(upload) == {"new": 1, "faulty": 6}
    told = [
        (problem.row, problem.column, problem.cell, problem.code)
        for row in upload.rows.filter(sort=Sort.FAULTY)
        for problem in problems_in(row.problems)
    ]
    assert told == [
        (3, "quantity", "E3", "invalid"),
        (4, "requirements", "H4", "invalid"),
        (5, "key", "A5", "key_twice"),
        (6, "deliver_until", "J6", "invalid"),
        (7, "quantity", "E7", "not_a_number"),
        (8, "title", "D8", "invalid"),
    ]
    window = problems_in(upload.rows.get(key="E").problems)[0]
    assert (window.message.zh, window.message.en) == (
        "交付截止日期早于开始日期。",
        "The delivery ends before it begins.",
    )
    with pytest.raises(Invalid):
        desk.apply(upload, all_or_nothing=True)
    assert desk.apply(upload).result["created"] == 1
    assert [line[0] for line in _lines()] == ["A"]


def test_absent_lines_are_withdrawn_only_when_asked_and_only_of_the_files_chains(
    here: world.World, desk: Desk
) -> None:
    other = factories.make_chain("nev", "新能源汽车")
    factories.make_demand(here.leader, other, key="N", node=None)
    desk.apply(desk.upload(reading([_row("A"), _row("B")])))
    upload = desk.upload(reading([_row("A")]))
    assert (sorts(upload), keys(upload, Sort.ABSENT)) == ({"unchanged": 1, "absent": 1}, ["B"])
    desk.apply(upload)
    assert {line[3] for line in _lines()} == {"draft"}
    upload = desk.upload(reading([_row("A")]))
    assert desk.apply(upload, withdraw=True).result["withdrawn"] == 1
    assert {key: state for key, _t, _q, state in _lines()} == {"A": "draft", "B": "withdrawn", "N": "draft"}
    back = desk.upload(reading([_row("A"), _row("B")]))
    assert sorts(back) == {"unchanged": 1, "changed": 1}
    desk.apply(back)
    assert DemandLine.objects.get(key="B").state == LineState.DRAFT


def test_a_faulty_row_without_number_may_be_the_line_that_seems_absent(here: world.World, desk: Desk) -> None:
    factories.make_demand(here.leader, here.chain, key="A")
    upload = desk.upload(reading([_row(None)], faults={0: "title"}))
    with pytest.raises(Invalid):
        desk.apply(upload, withdraw=True)
    assert DemandLine.objects.get().state == LineState.DRAFT


def test_a_row_without_number_changes_the_one_line_of_its_name(desk: Desk) -> None:
    desk.apply(desk.upload(reading([_row("A", "硅片"), _row("B", "组件"), _row("C", "组件")])))
    upload = desk.upload(reading([_row(None, quantity=Decimal(9)), _row(None, "组件", quantity=Decimal(9))]))
    assert (keys(upload, Sort.CHANGED), keys(upload, Sort.NEW)) == (["A"], [""])


def test_what_changed_after_the_preview_is_not_written_over(here: world.World, desk: Desk) -> None:
    desk.apply(desk.upload(reading([_row("A"), _row("B")])))
    upload = desk.upload(reading([_row("A", quantity=Decimal(6)), _row("B", quantity=Decimal(6)), _row("C")]))
    for key in ("A", "C"):
        factories.make_demand(here.leader, here.chain, key=key, title="别人改的")
    done = desk.apply(upload)
    assert {name: done.result[name] for name in ("created", "changed", "stale")} == {
        "created": 0,
        "changed": 1,
        "stale": 2,
    }
    assert [(line[0], line[1]) for line in _lines()] == [("A", "别人改的"), ("B", "硅片"), ("C", "别人改的")]
    assert list(done.rows.filter(outcome=Outcome.STALE).values_list("key", flat=True)) == ["A", "C"]


def test_all_or_nothing_leaves_the_list_and_can_be_compared_again(here: world.World, desk: Desk) -> None:
    upload = desk.upload(reading([_row("A"), _row("B")]))
    factories.make_demand(here.leader, here.chain, key="B", title="别人写的")
    failed = desk.apply(upload, all_or_nothing=True)
    assert (failed.state, failed.rows.get(key="B").outcome) == (UploadState.FAILED, Outcome.STALE)
    assert [line[0] for line in _lines()] == ["B"]
    services.read_again(actor=desk.person, upload_id=upload.pk)
    services.work(upload_id=upload.pk)
    upload.refresh_from_db()
    assert sorts(upload) == {"new": 1, "changed": 1}
    assert desk.apply(upload, all_or_nothing=True).state == UploadState.APPLIED
    assert [line[1] for line in _lines()] == ["硅片", "硅片"]


def test_what_is_applied_may_be_handed_in_at_once(here: world.World, desk: Desk) -> None:
    desk.apply(desk.upload(reading([_row("A")])))
    upload = desk.upload(reading([_row("A"), _row("B"), _row("C", quantity=None)]))
    done = desk.apply(upload, submit=True)
    assert {key: state for key, _t, _q, state in _lines()} == {
        "A": "submitted",
        "B": "submitted",
        "C": "draft",
    }
    assert (done.result["submitted"], done.result["unsent"]) == (2, 1)
    unsent = done.rows.get(outcome=Outcome.UNSENT)
    assert (unsent.key, [problem.column for problem in problems_in(unsent.problems)]) == ("C", ["quantity"])
    assert [problem.remedy.en for problem in problems_in(unsent.problems)] == [
        "Correct “Quantity” and upload the file again."
    ]


def test_a_promised_line_is_not_withdrawn(here: world.World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch, here.member, Side.SUPPLY)
    for key in ("S1", "S2", "S3"):
        factories.make_supply(here.member, here.chain, key=key)
    SupplyLine.objects.filter(key="S2").update(committed=Decimal(1))
    upload = desk.upload(reading([{"key": "S1", "chain": CHAIN, "title": "N型单晶硅片", "unit": "片"}]))
    done = desk.apply(upload, withdraw=True)
    assert (done.result["withdrawn"], done.result["refused"]) == (1, 1)
    assert dict(SupplyLine.objects.values_list("key", "state"))["S2"] == LineState.DRAFT


def test_a_file_that_is_no_workbook_is_refused_in_clear_words(desk: Desk) -> None:
    upload = desk.upload(refusal())
    assert (upload.state, problems_in(upload.problems)[0].code) == (UploadState.REFUSED, "not_a_workbook")
    with pytest.raises(Conflict):
        desk.apply(upload)


def test_what_can_not_be_taken_leaves_no_file(desk: Desk, here: world.World, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 4
    for name, content in (("a.xlsx", b"12345"), ("a.exe", b"1"), ("a.xlsx", b"")):
        with pytest.raises(Invalid) as refused:
            desk.receive(name, content)
        assert list(refused.value.fields) == ["file"]
    first = desk.receive()
    assert default_storage.exists(str(first.file.name))
    assert first.sha256 in str(first.file.name)
    with pytest.raises(Conflict) as busy:
        desk.receive()
    assert busy.value.code == "upload_running"
    for person in (here.member, here.office, factories.make_user(Role.LEADER_FIRM)):
        with pytest.raises(Forbidden):
            services.receive(
                actor=person,
                organisation=factories.firm_of(here.leader),
                side=Side.DEMAND,
                kind="product",
                file=first.file,  # type: ignore[arg-type]
            )
    assert Upload.objects.get() == first


def test_a_killed_worker_is_taken_over_and_the_late_one_changes_nothing(
    desk: Desk, settings: Settings
) -> None:
    desk.says(reading([_row("A")]))
    upload = desk.receive()
    late = lease(upload_id=upload.pk)
    assert late is not None
    assert lease(upload_id=upload.pk) is None
    assert services.lost_uploads() == []
    past = timezone.now() - timedelta(seconds=1)
    Upload.objects.update(leased_until=past, queued_at=past - timedelta(minutes=5))
    assert services.lost_uploads() == [upload.pk]
    assert services.lost_uploads() == []
    services.work(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.PREVIEWED
    assert renew(late) is False
    with pytest.raises(LeaseLost):
        current(late)
    services.work(upload_id=upload.pk)
    assert UploadRow.objects.count() == 1


def test_applying_twice_has_one_effect(desk: Desk) -> None:
    upload = desk.upload(reading([_row("A")]))
    services.order_apply(actor=desk.person, upload_id=upload.pk)
    for _ in range(2):
        services.work(upload_id=upload.pk)
    assert LineEvent.objects.count() == 1
    with pytest.raises(Conflict):
        services.order_apply(actor=desk.person, upload_id=upload.pk)


def test_nobody_waits_for_ever(desk: Desk) -> None:
    upload = desk.receive()
    for _ in range(6):
        lease(upload_id=upload.pk)
        Upload.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    upload.refresh_from_db()
    assert (upload.state, upload.error.keys()) == (UploadState.FAILED, {"zh", "en"})


def test_a_fault_of_ours_fails_the_upload_and_rows_that_were_there_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = desk.receive()
    monkeypatch.setattr("matching.uploads.services.working.read", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.work(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED


def test_who_lost_the_firm_meanwhile_applies_nothing(desk: Desk) -> None:
    upload = desk.upload(reading([_row("A")]))
    services.order_apply(actor=desk.person, upload_id=upload.pk)
    desk.person.memberships.update(is_active=False)
    services.work(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, DemandLine.objects.count()) == (UploadState.FAILED, 0)


def test_files_are_removed_after_some_days_and_the_history_stays(desk: Desk) -> None:
    upload = desk.upload(reading([_row("A")]))
    name = str(upload.file.name)
    assert services.remove_old(now=timezone.now()) == 0
    assert services.remove_old(now=timezone.now() + timedelta(days=31)) == 1
    assert services.remove_old(now=timezone.now() + timedelta(days=31)) == 0
    upload.refresh_from_db()
    assert (default_storage.exists(name), upload.rows.count(), sorts(upload)) == (False, 0, {"new": 1})
    with pytest.raises(Conflict) as refused:
        desk.apply(upload)
    assert refused.value.code == "removed"


def test_a_returned_line_is_mended_by_upload(here: world.World, desk: Desk) -> None:
    line = factories.make_demand(here.leader, here.chain, key="A")
    change_line(actor=here.leader, model=DemandLine, line_id=line.pk, action=LineAction.SUBMIT)
    change_line(actor=here.office, model=DemandLine, line_id=line.pk, action=LineAction.RETURN, reason="缺")
    desk.apply(desk.upload(reading([_row("A", quantity=Decimal(8))])), submit=True)
    line.refresh_from_db()
    assert (line.state, line.reason, line.quantity) == (LineState.SUBMITTED, "", Decimal(8))
    assert OutboxMessage.objects.filter(task="uploads.work").count() == 2


def test_rows_that_name_another_firm_stay_out(here: world.World, desk: Desk) -> None:
    own = factories.firm_of(here.leader).uscc
    other = factories.firm_of(here.member).uscc
    factories.make_demand(here.leader, here.chain, key="A", title="自家")
    found = reading([_row("A", "别家"), _row("A", "硅片"), _row("B", "写错"), _row("C", "没写")])
    assert own is not None
    assert other is not None
    codes = (other, own, "91140000", "")
    rows = [replace(row, uscc=code) for row, code in zip(found.rows, codes, strict=True)]
    upload = desk.upload(replace(found, rows=tuple(rows)))
    assert [(row.key, row.sort) for row in upload.rows.all()] == [
        ("", Sort.FAULTY),
        ("A", Sort.CHANGED),
        ("B", Sort.NEW),
        ("C", Sort.NEW),
    ]
    assert problems_in(upload.rows.get(position=0).problems)[0].code == "other_firm"
    with pytest.raises(Invalid):
        services.order_apply(actor=desk.person, upload_id=upload.pk, withdraw=True)


def test_what_a_cell_can_not_hold_is_no_change(here: world.World, desk: Desk) -> None:
    line = factories.make_demand(
        *(here.leader, here.chain),
        key="A",
        title="硅片 ",
        description="第一行\r\n第二行",
        drawing_no="—",
        state=LineState.VERIFIED,
    )
    row = {"key": "A", "chain": CHAIN, "title": "硅片", "drawing_no": None}
    same = desk.upload(reading([{**row, "description": "第一行\n第二行"}]))
    assert sorts(same) == {"unchanged": 1}
    other = desk.upload(reading([{**row, "description": "第一行\n第三行"}]))
    assert [change["name"] for change in other.rows.get().changes] == ["description", "state"]
    desk.apply(other)
    line.refresh_from_db()
    assert (line.title, line.description, line.drawing_no) == ("硅片 ", "第一行\n第三行", "—")


def test_a_row_without_number_and_node_changes_the_one_line_of_its_title(desk: Desk) -> None:
    desk.apply(desk.upload(reading([_row("A"), _row("B", "组件"), _row("C", "组件", node=None)])))
    changed = desk.upload(
        reading([_row(None, "硅片", node=None, quantity=Decimal(8)), _row(None, "组件", quantity=Decimal(9))])
    )
    assert keys(changed, Sort.CHANGED) == ["A", "B"]
    assert keys(changed, Sort.ABSENT) == ["C"]
    several = desk.upload(reading([_row(None, "硅片", node=None, period="year")] * 2))
    assert keys(several, Sort.CHANGED) == []


def test_a_number_in_wide_signs_is_found_as_a_cell_has_it(here: world.World, desk: Desk) -> None:
    factories.make_demand(here.leader, here.chain, key="Ａ１")
    factories.make_demand(here.leader, here.chain, key="A2")
    factories.make_demand(here.leader, here.chain, key="Ａ２")
    upload = desk.upload(reading([_row("A1"), _row("A2")]))
    assert keys(upload, Sort.CHANGED) == ["Ａ１", "A2"]
    assert keys(upload, Sort.ABSENT) == ["Ａ２"]


def test_only_what_the_reader_let_through_is_marked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    marked: list[str] = []

    def mark(_data: bytes, name: str, *_args: object, **_named: object) -> bytes:
        marked.append(name)
        return b"PK"

    monkeypatch.setattr("matching.uploads.services.marking.mark", mark)
    waiting = desk.receive("等待.xlsx")
    assert services.marked_copy(upload=waiting, language="en") is None
    desk.says(refusal())
    services.work(upload_id=waiting.pk)
    refused = Upload.objects.get(pk=waiting.pk)
    assert services.marked_copy(upload=refused, language="en") is None
    assert services.marked_copy(upload=desk.upload(reading([_row("A")])), language="en") is not None
    assert marked == ["清单.xlsx"]
