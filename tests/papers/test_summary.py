"""The summary of a meeting and of a period: its rows, its figures, its files, and who sees it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from accounts.roles import Role
from matching.agreements.amounts import Kind, wan
from matching.agreements.models import Absent, Agreement, Outcome, Result
from matching.agreements.services import deliver, record_outcome, state_agreement
from matching.lists.models import DemandLine
from matching.meetings.models import SigningMeeting
from matching.papers import queries
from matching.papers.models import PaperPack
from matching.papers.periods import Period, offered, period_of
from matching.papers.queries import summary
from matching.papers.queries.summary import Extent
from matching.papers.services import figures_file, summed
from tests import factories, world
from tests.papers.packs import files, made

OFFICE = "1 工作用/"


@pytest.fixture
def held(here: world.World, meeting: SigningMeeting) -> SigningMeeting:
    """An intent of 12.34 万元, a contract of 50 万元 without tax, and one firm that did not come."""
    SigningMeeting.objects.update(date=timezone.localdate())
    meeting.refresh_from_db()
    first, second, third = meeting.appointments.order_by("slot", "table__number")
    told = {"amount": Decimal("123449.99"), "quantity": Decimal(200), "unit": "片"}
    record_outcome(
        actor=here.office,
        appointment_id=first.pk,
        result=Result.INTENT,
        next_step="寄样品",
        due_on=date(2027, 1, 31),
        terms=told | {"signed_on": meeting.date},
    )
    record_outcome(
        actor=here.office,
        appointment_id=second.pk,
        result=Result.CONTRACT,
        terms={"amount": Decimal(500_000), "tax_included": False, "signed_on": meeting.date},
    )
    record_outcome(actor=here.office, appointment_id=third.pk, result=Result.NO_SHOW, absent=Absent.SUPPLY)
    return meeting


def test_figures_tell_kinds_apart(here: world.World, held: SigningMeeting) -> None:
    told, groups = summary.figures(Extent(meeting=held))
    assert (told.leader_firms, told.member_firms, told.demands) == (1, 1, 3)
    assert (told.arranged, told.met, told.signed, told.delivered) == (3, 2, 2, 0)
    assert [(one.kind, one.count) for one in told.kinds] == [
        (Kind.INTENT, 1),
        (Kind.SAMPLE, 0),
        (Kind.QUOTE, 0),
        (Kind.CONTRACT, 1),
    ]
    assert (wan(told.intents.with_tax), wan(told.intents.without_tax)) == ("12.34", "")
    assert (wan(told.contracts.with_tax), wan(told.contracts.without_tax)) == ("", "50.00")
    assert groups == {"1401": told}


def test_what_one_side_states_is_shown_and_not_counted(here: world.World, held: SigningMeeting) -> None:
    before, _groups = summary.figures(Extent(meeting=held))
    missing = Outcome.objects.get(result=Result.NO_SHOW).appointment.review
    stated = {"amount": Decimal(70_000), "signed_on": held.date}
    state_agreement(actor=here.leader, review_id=missing.pk, kind=Kind.CONTRACT, terms=stated)
    after, _groups = summary.figures(Extent(meeting=held))
    assert after == before
    with translation.override("zh-hans"):
        found = [line for line in summary.every_line(Extent(meeting=held)) if not line.counts]
    assert [(line.amount, line.remark) for line in found] == [(Decimal(70_000), "单方填报，未计入")]
    assert "contract_wan" not in summary.sheet_row(found[0])


def test_a_pair_that_agreed_twice_has_two_rows_and_is_one_pair(
    here: world.World, held: SigningMeeting
) -> None:
    review = Agreement.objects.get(kind=Kind.INTENT).review
    terms = {"amount": Decimal(130_000), "signed_on": held.date}
    state_agreement(actor=here.office, review_id=review.pk, kind=Kind.CONTRACT, terms=terms)
    told, _groups = summary.figures(Extent(meeting=held))
    assert (told.signed, told.intents.count, told.contracts.count) == (2, 1, 2)
    assert len(list(summary.every_line(Extent(meeting=held)))) == 4
    deliver(actor=here.office, review_id=review.pk, done_on=held.date)
    assert summary.figures(Extent(meeting=held))[0].delivered == 1


def test_the_value_of_demands_tells_of_no_single_firm(here: world.World, held: SigningMeeting) -> None:
    DemandLine.objects.update(quantity=10, price_ceiling="7")
    told, _groups = summary.figures(Extent(meeting=held))
    assert (told.demand_value, told.priced) == (None, 0)
    for line in DemandLine.objects.all():
        DemandLine.objects.filter(pk=line.pk).update(
            organisation=factories.firm_of(factories.make_user(Role.LEADER_FIRM))
        )
    told, _groups = summary.figures(Extent(meeting=held))
    assert (told.leader_firms, told.demand_value, told.priced) == (3, Decimal(210), 3)


def test_a_period_holds_what_was_signed_in_it(here: world.World, held: SigningMeeting) -> None:
    inside, outside = period_of(f"{held.date:%Y-%m}"), period_of(f"{held.date.year - 1}")
    assert inside is not None
    assert outside is not None
    whole, _groups = summary.figures(summary.extent_of(here.office, inside, chain=here.chain))
    assert whole == summary.figures(Extent(meeting=held))[0]
    told, by_chain = summary.figures(summary.extent_of(here.office, inside))
    assert by_chain == {here.chain.pk: told}
    for elsewhere in (
        summary.extent_of(here.office, outside),
        summary.extent_of(here.office, inside, city="1402"),
        summary.extent_of(factories.make_user(Role.CHAIN_OFFICE, chains=("rail",)), inside),
        summary.extent_of(here.leader, inside),
    ):
        assert summary.figures(elsewhere) == (summary.Figures(), {})


@pytest.mark.parametrize(
    ("code", "begins", "ends"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_periods(code: str, begins: date, ends: date) -> None:
    found = period_of(code)
    assert found is not None
    assert (found.begins, found.ends, found.code) == (begins, ends, code)


@pytest.mark.parametrize("code", ["", "26", "2026-13", "2026-Q5", "2026-1", "2026-11-01", "２０２６"])
def test_nothing_else_is_a_period(code: str) -> None:
    assert period_of(code) is None


def test_periods_on_offer_begin_with_the_newest() -> None:
    (_m, months), (_q, quarters), (_y, years) = offered(date(2026, 2, 3))
    assert (months[0].code, months[-1].code) == ("2026-02", "2025-02")
    assert (quarters[0], quarters[1].code) == (Period(date(2026, 1, 1), 3), "2025-Q4")
    assert years[0].code == "2026"


def said(response: Any) -> bytes:
    """A whole file."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def test_files_say_the_same(here: world.World, held: SigningMeeting) -> None:
    extent = Extent(meeting=held)
    with translation.override("zh-hans"):
        found = {form: said(summed(extent, form)) for form in ("xlsx", "docx", "pdf")}
        figures = said(figures_file(extent, "docx"))
    sheets = load_workbook(BytesIO(found["xlsx"])).worksheets
    head, *rows = list(sheets[0].values)[1:]
    place = {str(name).rstrip("*"): number for number, name in enumerate(head)}
    assert [row[place["意向金额(万元)"]] for row in rows if row[place["合作类别"]] == "意向"] == [12.344999]
    assert [row[place["合同金额(万元)"]] for row in rows if row[place["合作类别"]] == "合同"] == [50]
    assert {row[place["洽谈结果"]] for row in rows} == {"意向", "合同", "未到场: 供方"}
    document = docx.Document(BytesIO(found["docx"]))
    across, down = document.sections[0].page_width, document.sections[0].page_height
    assert [side and round(side.mm) for side in (across, down)] == [297, 210]
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert {"12.34", "50.00", "寄样品 2027-01-31"} <= set(cells)
    totals = [[cell.text for cell in row.cells] for row in document.tables[1].rows][1:]
    assert totals[0] == ["意向合计", "1", "12.34", "", "0"]
    assert totals[3] == ["合同合计", "1", "", "50.00", "0"]
    page = PdfReader(BytesIO(found["pdf"])).pages[0]
    assert page.mediabox.width > page.mediabox.height
    assert "12.34" in page.extract_text()
    told = [[cell.text for cell in row.cells] for row in docx.Document(BytesIO(figures)).tables[0].rows]
    assert ["意向金额（含税）", "万元", "12.34"] in told
    assert ["每月需求金额", "万元", "—"] in told


def test_a_pack_holds_them_once_there_are_results_and_says_when_they_changed(
    here: world.World, meeting: SigningMeeting
) -> None:
    assert not [name for name in files(made(here, meeting)) if "汇总" in name]
    [first, *_rest] = meeting.appointments.order_by("slot")
    record_outcome(actor=here.office, appointment_id=first.pk, result=Result.MET)
    pack = PaperPack.objects.get()
    assert queries.freshness(pack) == queries.Freshness(results=True)
    found = files(made(here, meeting))
    assert {f"{OFFICE}9 供需信息情况汇总表.{form}" for form in ("docx", "pdf", "xlsx")} < set(found)
    assert {f"{OFFICE}10 供需对接情况统计表.{form}" for form in ("docx", "pdf")} < set(found)
    assert not queries.freshness(PaperPack.objects.get()).is_old


def page_of(user: User, url: str) -> Any:
    """The answer of a page."""
    client = Client()
    client.force_login(user)
    return client.get(url)


def test_offices_of_the_chain_see_it_and_nobody_else(here: world.World, held: SigningMeeting) -> None:
    url = reverse("meeting_summary", args=[held.pk])
    page = page_of(here.office, url).content.decode()
    assert "12.34" in page
    assert "50.00" in page
    assert [page_of(user, url).status_code for user in (here.leader, here.member)] == [404, 404]
    other = factories.make_user(Role.CHAIN_OFFICE, chains=("rail",))
    assert page_of(other, url).status_code == 404
    period = f"{reverse('chain_summary')}?period={held.date:%Y-%m}"
    assert "12.34" in page_of(here.office, period).content.decode()
    assert "12.34" not in page_of(other, period).content.decode()
    assert page_of(here.leader, period).status_code == 403


def test_the_number_of_queries_does_not_grow(
    here: world.World, held: SigningMeeting, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        extent = Extent(meeting=held)
        list(summary.every_line(extent))
        summary.figures(extent)


def test_the_api_tells_the_same(here: world.World, held: SigningMeeting) -> None:
    client = Client()
    client.force_login(here.office)
    found = client.get(f"/api/v1/summaries/?meeting={held.pk}").json()
    assert found["figures"]["signed"] == 2
    intents = found["figures"]["agreed"][0]
    assert (intents["kind"], intents["with_tax"], intents["without_tax"]) == ("intent", "123449.99", None)
    rows = said(client.get(f"/api/v1/summaries/rows/?meeting={held.pk}&form=csv")).decode("utf-8-sig")
    assert len(rows.splitlines()) == 4
    both = client.get(f"/api/v1/summaries/?meeting={held.pk}&period=2026")
    assert both.status_code == 400
