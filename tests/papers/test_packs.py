"""Packs: what they hold and what not, once and for each order, and what becomes of lost workers."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import docx
import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import Membership
from matching.errors import Conflict, Forbidden
from matching.lists.models import DemandLine, SupplyLine
from matching.meetings.models import SigningMeeting
from matching.meetings.services import decide, move
from matching.meetings.states import MeetingAction
from matching.notices.models import OutboxMessage
from matching.papers import queries
from matching.papers.models import PaperPack
from matching.papers.services import lost_packs, make, order, order_again, remove_old
from matching.papers.services.leases import LeaseLost, lease
from matching.papers.services.making import work_on
from matching.papers.states import PackState
from tests import factories, world
from tests.papers.packs import ISSUER, files, made

OFFICE, HANDED, SIGNED = "1 工作用/", "2 印发/", "3 合作意向书/"


def text_of(name: str, content: bytes) -> str:
    """All that a file says."""
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if name.endswith(".docx"):
        document = docx.Document(BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(each.text for each in document.paragraphs), *cells])
    sheets = load_workbook(BytesIO(content)).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)


def test_one_order_makes_every_paper(here: world.World, meeting: SigningMeeting) -> None:
    pack = made(here, meeting)
    assert (pack.state, pack.done, pack.error) == (PackState.READY, pack.total, {})
    found = files(pack)
    assert [told["name"] for told in pack.papers] == list(found)
    both = [f"{HANDED}{name}" for name in ("1 通知", "2 议程", "3 参会名单", "4 桌次表", "5 三张清单情况")]
    both += [
        f"{OFFICE}{name}" for name in ("1 参会名单（含联系方式）", "2 桌次表（全部洽谈）", "3 签约一览表")
    ]
    assert {f"{name}.{ending}" for name in both for ending in ("docx", "pdf")} < set(found)
    assert sum(name.startswith(SIGNED) and name.endswith(".docx") for name in found) == 3
    assert OutboxMessage.objects.filter(task="papers.make", arguments=[str(pack.pk)]).count() == 1
    assert "（2026年11月）的通知" in text_of("x.docx", found[f"{HANDED}1 通知.docx"])


def test_the_same_meeting_gives_the_same_bytes(here: world.World, meeting: SigningMeeting) -> None:
    first = made(here, meeting)
    again = made(here, meeting)
    assert (again.pk, again.sha256) == (first.pk, first.sha256)
    assert again.file.name != first.file.name
    assert not first.file.storage.exists(str(first.file.name))


def canaries(pack: PaperPack) -> dict[str, set[str]]:
    """Which of the planted secrets stand in which files."""
    planted = {"ceiling": "77.1234", "price": "66.5678", "free": "987654.5", "phone": "13900001111"}
    found: dict[str, set[str]] = {}
    for name, content in files(pack).items():
        told = text_of(name, content)
        if some := {word for word, value in planted.items() if value in told}:
            found[name] = some
    return found


def test_no_trade_secret_stands_in_a_paper_and_contacts_only_in_the_offices(
    here: world.World, meeting: SigningMeeting
) -> None:
    DemandLine.objects.update(price_ceiling="77.1234", contact_name="李某", contact_phone="13900001111")
    SupplyLine.objects.update(price_low="66.5678", price_high="66.5678", free_capacity="987654.5")
    found = canaries(made(here, meeting))
    assert set().union(*found.values()) == {"phone"}
    assert {name.partition("/")[0] + "/" for name in found} == {OFFICE}


def test_a_secret_in_a_paper_would_be_found(
    here: world.World, meeting: SigningMeeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: lists that leave no column out are found."""
    DemandLine.objects.update(price_ceiling="77.1234")
    nothing = {DemandLine: frozenset[str](), SupplyLine: frozenset[str]()}
    monkeypatch.setattr("matching.papers.queries.lists.SECRET_FIELDS", nothing)
    assert canaries(made(here, meeting)) == {f"{OFFICE}4 配套需求.xlsx": {"ceiling"}}


def test_what_is_handed_out_tells_of_no_pair(here: world.World, meeting: SigningMeeting) -> None:
    buyer, seller = (factories.firm_of(person).name for person in (here.leader, here.member))
    found = {name: text_of(name, body) for name, body in files(made(here, meeting)).items()}
    seating = found[f"{HANDED}4 桌次表.docx"]
    assert buyer in seating
    assert seller not in seating
    # One firm a side: every count is hidden.
    counts = docx.Document(BytesIO(files(PaperPack.objects.get())[f"{HANDED}5 三张清单情况.docx"]))
    told = [[cell.text for cell in row.cells][1:] for row in counts.tables[0].rows][1:]
    assert told
    assert {cell for row in told for cell in row} <= {"*", "0"}


def test_formulas_in_names_stay_text(here: world.World, meeting: SigningMeeting) -> None:
    DemandLine.objects.update(title="=1+1")
    found = files(made(here, meeting))
    cells = [
        cell
        for sheet in load_workbook(BytesIO(found[f"{OFFICE}4 配套需求.xlsx"])).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == "=1+1"
    ]
    assert cells
    assert all(cell.data_type != "f" and cell.quotePrefix for cell in cells)


def test_a_change_of_the_meeting_makes_a_pack_old(here: world.World, meeting: SigningMeeting) -> None:
    pack = made(here, meeting)
    assert not queries.freshness(pack).is_old
    appointment = meeting.appointments.latest("slot")
    move(actor=here.office, appointment_id=appointment.pk, table_number=2, slot=appointment.slot)
    assert queries.freshness(pack) == queries.Freshness(appointments=1)
    SigningMeeting.objects.update(title="改名后的签约会")
    pack = PaperPack.objects.get()
    assert queries.freshness(pack) == queries.Freshness(appointments=1, meeting=True)
    order_again(actor=here.department, pack_id=pack.pk)
    make(pack_id=pack.pk)
    assert not queries.freshness(PaperPack.objects.get()).is_old


def test_two_orders_at_once_are_one(here: world.World, meeting: SigningMeeting) -> None:
    order(actor=here.office, meeting_id=meeting.pk, issuer=ISSUER)
    with pytest.raises(Conflict):
        order(actor=here.department, meeting_id=meeting.pk, issuer=ISSUER)


def test_a_meeting_that_was_cancelled_has_no_papers(here: world.World, meeting: SigningMeeting) -> None:
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="改期")
    with pytest.raises(Conflict):
        order(actor=here.office, meeting_id=meeting.pk, issuer=ISSUER)


@pytest.mark.parametrize("part", ["leader", "member"])
def test_firms_order_nothing(here: world.World, meeting: SigningMeeting, part: str) -> None:
    with pytest.raises(Forbidden):
        order(actor=getattr(here, part), meeting_id=meeting.pk, issuer=ISSUER)


def test_a_late_worker_changes_nothing(here: world.World, meeting: SigningMeeting) -> None:
    pack = order(actor=here.office, meeting_id=meeting.pk, issuer=ISSUER)
    late = lease(pack_id=pack.pk)
    assert late is not None
    assert lease(pack_id=pack.pk) is None
    PaperPack.objects.update(leased_until=timezone.now() - timedelta(seconds=1), queued_at=timezone.now())
    make(pack_id=pack.pk)
    ready = PaperPack.objects.get()
    with pytest.raises(LeaseLost):
        work_on(late)
    assert PaperPack.objects.get().sha256 == ready.sha256
    assert files(ready)
    assert len(ready.file.storage.listdir(f"papers/{pack.pk}")[1]) == 1


def test_a_lost_worker_is_followed_by_another_and_five_are_enough(
    here: world.World, meeting: SigningMeeting
) -> None:
    pack = order(actor=here.office, meeting_id=meeting.pk, issuer=ISSUER)
    assert lost_packs() == []
    past = timezone.now() - timedelta(minutes=5)
    for _turn in range(5):
        assert lease(pack_id=pack.pk) is not None
        PaperPack.objects.update(leased_until=past, queued_at=past - timedelta(minutes=5))
        assert lost_packs() == [pack.pk]
    assert lease(pack_id=pack.pk) is None
    pack.refresh_from_db()
    assert (pack.state, "中断" in pack.error["zh"]) == (PackState.FAILED, True)


def test_who_lost_the_right_gets_no_papers(here: world.World, meeting: SigningMeeting) -> None:
    pack = order(actor=here.office, meeting_id=meeting.pk, issuer=ISSUER)
    Membership.objects.filter(user=here.office).update(is_active=False)
    make(pack_id=pack.pk)
    pack.refresh_from_db()
    assert (pack.state, pack.file.name) == (PackState.FAILED, "")


def test_old_archives_go_and_can_be_made_again(here: world.World, meeting: SigningMeeting) -> None:
    pack = made(here, meeting)
    assert remove_old(before=timezone.now() - timedelta(days=1)) == 0
    assert remove_old(before=timezone.now() + timedelta(days=1)) == 1
    pack.refresh_from_db()
    assert pack.held == []
    assert files(made(here, meeting))
