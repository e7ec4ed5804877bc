"""Workbooks that the portal hands out: what is in them, and what never is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Membership, User
from accounts.roles import Role
from matching.chains.models import Region
from matching.kinds import PRODUCT
from matching.lists.models import SupplyLine
from matching.lists.queries.sheets import line_values, side_of
from matching.lists.queries.vocabulary import vocabulary
from matching.lists.services import change_line, change_round
from matching.lists.states import LineAction, LineState, RoundAction
from matching.review.services import review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match, MatchingRun
from matching.runs.services import publish, start_run
from matching.sheets.columns import EXAMPLE, columns
from matching.sheets.layout import FIRST_ROW, HEADER_ROW
from matching.sheets.reading import read
from tests import factories, world

pytestmark = pytest.mark.django_db
Rows = list[dict[str, Any]]


def answer(user: User, name: str, *arguments: object, **query: str) -> Any:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client.get(reverse(name, args=arguments), query)


def rows(user: User, name: str, *arguments: object, **query: str) -> Rows:
    """The first sheet of a download by its headings, without the marks of required columns."""
    response = answer(user, name, *arguments, **query)
    assert response.status_code == 200, response.content.decode()[:500]
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).worksheets[0]
    lines = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    headings = [str(heading).rstrip("*") for heading in lines[0]]
    return [dict(zip(headings, line, strict=True)) for line in lines[FIRST_ROW - HEADER_ROW :]]


def test_a_template_is_named_in_chinese_and_holds_the_chains() -> None:
    here = world.build()
    response = answer(here.leader, "demand_template")
    assert "配套需求-模板-" in unquote(response["Content-Disposition"])
    (example,) = rows(here.leader, "demand_template")
    assert (example["条目编号"], example["产业链"], example["产业链环节"]) == (EXAMPLE.zh, "光伏", "单晶硅片")


def test_a_firm_exports_its_own_list_whole() -> None:
    here = world.build()
    line = factories.make_supply(
        here.member, here.chain, price_low=Decimal("31.5"), free_capacity=Decimal(180), key="0007"
    )
    factories.make_supply(factories.make_user(Role.MEMBER_FIRM), here.chain, title="别家的硅片")
    (row,) = rows(here.member, "supply_export")
    assert (row["条目编号"], row["产品名称"], row["产业链"]) == ("0007", line.title, "光伏")
    assert (row["最低报价"], row["富余月产能"], row["状态"]) == (31.5, 180, "草稿")
    assert "企业名称" not in row


def test_withdrawn_lines_stay_out_of_a_firms_file_unless_asked_for() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain)
    change_line(actor=here.member, model=SupplyLine, line_id=line.pk, action=LineAction.WITHDRAW)
    assert rows(here.member, "supply_export") == []
    assert len(rows(here.member, "supply_export", state="withdrawn")) == 1


def test_who_is_firm_and_office_exports_the_own_list_or_that_of_the_office() -> None:
    here = world.build()
    Membership.objects.create(
        user=here.member,
        organisation=factories.make_office(),
        role=Role.CHAIN_OFFICE,
        chains=[here.chain.pk],
        regions=["*"],
    )
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, title="自家")
    other = factories.make_user(Role.MEMBER_FIRM)
    factories.make_supply(other, here.chain, state=LineState.VERIFIED, title="别家")
    both = User.objects.get(pk=here.member.pk)
    assert [row["产品名称"] for row in rows(both, "supply_export")] == ["自家"]
    assert {row["产品名称"] for row in rows(both, "supply_export", of="office")} == {"自家", "别家"}


def test_offices_export_what_their_page_shows_with_firm_and_credit_code() -> None:
    here = world.build()
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, title="单晶硅片 210")
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, title="焊带")
    factories.make_supply(here.member, here.chain, state=LineState.DRAFT, title="硅片草稿")
    firm = factories.firm_of(here.member)
    (row,) = rows(here.office, "supply_export", q="硅片")
    assert (row["企业名称"], row["统一社会信用代码"]) == (firm.name, firm.uscc)
    assert (row["产品名称"], row["状态"]) == ("单晶硅片 210", "已核实")


def test_trade_secrets_are_only_in_the_files_of_those_who_may_see_them() -> None:
    here = world.build()
    factories.make_supply(
        *(here.member, here.chain),
        state=LineState.VERIFIED,
        price_low=Decimal("31.5"),
        price_high=Decimal("32.5"),
        free_capacity=Decimal(180),
    )
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, price_ceiling=Decimal(77))
    secret = ("最低报价", "最高报价", "富余月产能")
    for reader, shown in ((here.office, [31.5, 32.5, 180]), (here.department, [None, None, None])):
        (row,) = rows(reader, "supply_export")
        assert [row[name] for name in secret] == shown
    assert rows(here.office, "demand_export")[0]["最高限价"] == 77
    assert rows(here.department, "demand_export")[0]["最高限价"] is None


def test_a_kind_that_is_not_there_is_not_found() -> None:
    here = world.build()
    assert answer(here.leader, "demand_template", kind="nothing").status_code == 404
    assert answer(here.leader, "demand_export", kind="nothing").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_lines() -> None:
    here = world.build()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            rows(here.office, "supply_export")
        return len(captured)

    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    count()
    counts = []
    for _ in range(2):
        for _ in range(3):
            factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
        counts.append(count())
    assert counts[0] == counts[1]


def _run(here: world.World) -> MatchingRun:
    """One match at a price, one near miss at another, one gap."""
    thick = ({"parameter": "厚度", "operator": "at_most", "high": Decimal("0.16"), "unit": "mm"},)
    thin = ({"parameter": "厚度", "low": Decimal("0.13"), "high": Decimal("0.13"), "unit": "mm"},)
    far = ({"parameter": "厚度", "low": Decimal("0.3"), "high": Decimal("0.3"), "unit": "mm"},)
    lines: dict[str, Any] = {"state": LineState.VERIFIED, "title": "=210 单晶硅片"}
    factories.make_demand(
        *(here.leader, here.chain), **lines, requirements=thick, key="D-1", price_ceiling=Decimal("7.77")
    )
    factories.make_supply(
        here.member,
        here.chain,
        **lines,
        properties=thin,
        price_low=Decimal("6.66"),
        price_high=Decimal("6.66"),
    )
    factories.make_supply(factories.make_user(Role.MEMBER_FIRM), here.chain, **lines, properties=far)
    factories.make_demand(
        *(here.leader, here.chain), state=LineState.VERIFIED, title="银浆", key="D-2", node=None
    )
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    return world.compute(start_run(actor=here.office, round_id=here.round.pk))


def test_a_runs_matches_gaps_and_near_misses() -> None:
    here = world.build()
    run = _run(here)
    firm = factories.firm_of(here.member)
    (match,) = rows(here.office, "matches_export", run.pk)
    assert (match["需求条目编号"], match["供应产品"]) == ("D-1", "=210 单晶硅片")
    assert (match["供应企业"], match["供应企业信用代码"]) == (firm.name, firm.uscc)
    assert (match["名次"], match["处理结果"], match["不列入清单"]) == (1, "待处理", "否")
    assert "7.77" in match["各项条件"]
    (miss,) = rows(here.office, "near_misses_export", run.pk)
    assert (miss["不满足的条件"], miss["要求"]) == ("厚度", "≤0.16 mm")
    gaps = rows(here.office, "gaps_export", run.pk)
    assert "D-2" in {gap["需求条目编号"] for gap in gaps}


def test_results_keep_prices_from_offices_that_do_not_run_the_chain() -> None:
    here = world.build()
    run = _run(here)
    (match,) = rows(here.department, "matches_export", run.pk)
    assert "厚度" in match["各项条件"]
    for price in ("7.77", "6.66"):
        assert price not in str(match)


def test_a_published_list_and_the_decisions() -> None:
    here = world.build()
    run = _run(here)
    match = Match.objects.get(run=run)
    review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    published = publish(actor=here.office, run_id=run.pk)
    (listed,) = rows(here.department, "published_export", published.pk)
    assert (listed["需求条目编号"], listed["名次"]) == ("D-1", 1)
    assert listed["需求企业"] == factories.firm_of(here.leader).name
    (decision,) = rows(here.office, "decisions_export", run.pk)
    assert (decision["操作"], decision["操作人"]) == (str(ReviewAction.SHORTLIST.label), str(here.office))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_exported_list_reads_back_as_it_is_stored(language: str) -> None:
    here = world.build()
    for code, name, parent in (
        *(("13", "河北省", None), ("1301", "石家庄市", "13"), ("14", "山西省", None)),
        *(("1401", "太原市", "14"), ("140105", "小店区", "1401")),
    ):
        Region.objects.create(code=code, name=name, parent_id=parent, level="city")
    need = factories.make_demand(
        *(here.leader, here.chain),
        quantity=Decimal("1200.5"),
        period="quarter",
        deliver_until=date(2027, 5, 31),
        delivery_region="140105",
        regions=["14", "1301"],
        certificates=["IRIS", "ISO 9001, 2015"],
        stage="series",
        confidential=True,
        description="第一行\n=第二行",
        requirements=({"parameter": "厚度", "operator": "at_most", "high": 3, "unit": "mm", "hard": False},),
    )
    offer = factories.make_supply(
        *(here.member, here.chain),
        capacity_basis="actual",
        lead_time=3,
        lead_time_unit="week",
        price_low=Decimal("31.55"),
        served_leaders=["甲厂"],
        properties=({"parameter": "厚度", "low": 2, "high": 4, "unit": "mm", "tolerance": True},),
    )
    for user, line, name in ((here.leader, need, "demand_export"), (here.member, offer, "supply_export")):
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = language
        response: Any = client.get(reverse(name))
        data = b"".join(response.streaming_content)
        stored = line_values(type(line).objects.get(pk=line.pk))
        reading = read(data, "list.xlsx", columns(PRODUCT, side_of(type(line))), vocabulary())
        (row,) = reading.rows
        assert (row.problems, reading.problems) == ((), ())
        assert {name: value for name, value in row.values.items() if value is not None} == {
            name: value for name, value in stored.items() if value not in (None, "", [])
        }
