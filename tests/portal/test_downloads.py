"""Workbooks that the portal hands out: what is in them, and what never is."""

from __future__ import annotations

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

from accounts.models import User
from accounts.roles import Role
from matching.lists.models import SupplyLine
from matching.lists.services import change_line
from matching.lists.states import LineAction, LineState
from matching.sheets.columns import EXAMPLE
from matching.sheets.layout import FIRST_ROW, HEADER_ROW
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
    first = count()
    for _ in range(3):
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    assert count() == first
