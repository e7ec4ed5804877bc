"""Figures of chains and cities, and that each of them leads to exactly its rows."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import OrganisationKind, Role
from matching import pages
from matching.chains.models import Region
from matching.lists.services import change_round
from matching.lists.states import LineState, RoundAction
from matching.overview import queries
from matching.overview.charts import find
from matching.overview.figures import read
from matching.overview.portal.told import charts
from matching.overview.queries import Coverage, Stage
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import Gap, Match
from matching.runs.services import start_run
from tests import factories, world
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    """Three lines in 太原, one of them without any offer, one in 大同; the first pair said yes."""
    told = world.build()
    province = Region.objects.create(code="14", name="山西省", level="province")
    for code, name in (("1401", "太原市"), ("1402", "大同市")):
        Region.objects.create(code=code, name=name, level="city", parent=province)
    datong = factories.make_user(
        Role.LEADER_FIRM, factories.make_firm(OrganisationKind.LEADER_FIRM, region="140213")
    )
    for _ in range(2):
        factories.make_demand(told.leader, told.chain, state=LineState.VERIFIED, quantity=Decimal(10_000))
    factories.make_demand(
        told.leader,
        told.chain,
        state=LineState.VERIFIED,
        node=None,
        title="绝缘栅双极晶体管",
        unit="吨",
        quantity=Decimal(6),
        period="quarter",
    )
    factories.make_demand(datong, told.chain, state=LineState.VERIFIED, quantity=Decimal(10_000))
    factories.make_demand(datong, told.chain, state=LineState.SUBMITTED)
    factories.make_demand(datong, told.chain)
    factories.make_supply(told.member, told.chain, state=LineState.VERIFIED)
    change_round(actor=told.office, round_id=told.round.pk, action=RoundAction.CLOSE)
    run = world.compute(start_run(actor=told.office, round_id=told.round.pk))
    match = Match.objects.filter(run=run, demand__organisation=factories.firm_of(told.leader)).first()
    assert match is not None
    review = review_match(actor=told.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    decide(actor=told.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    decide(actor=told.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    return told


def browser(user: User, language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


def test_coverage_by_city(here: World) -> None:
    figures = read(queries.scope_of(here.office, chain=here.chain))
    assert figures.coverage == {"1401": Coverage(3, 2), "1402": Coverage(1, 1)}
    assert figures.covered == Coverage(4, 3)


def test_the_way_from_demand_to_appointment(here: World) -> None:
    assert queries.funnel(queries.scope_of(here.office)) == {
        Stage.HANDED_IN: 5,
        Stage.VERIFIED: 4,
        Stage.MATCHED: 3,
        Stage.SHORTLISTED: 1,
        Stage.ACCEPTED: 1,
        Stage.APPOINTMENT: 0,
        **dict.fromkeys((Stage.MET, Stage.INTENT, Stage.SAMPLE, Stage.QUOTE, Stage.CONTRACT), 0),
        Stage.DELIVERED: 0,
    }


def test_quantities_a_month_are_never_added_across_kinds_of_units(here: World) -> None:
    found = {family.unit: family for family in queries.quantities(queries.scope_of(here.office))}
    assert {unit: family.unmet for unit, family in found.items()} == {"片": Decimal(0), "吨": Decimal(2)}
    assert (found["片"].agreed, found["片"].allocated) == (Decimal(10_000), Decimal(30_000))


def test_a_city_sees_its_lines_and_no_result_of_the_chain(here: World) -> None:
    city = factories.make_user(Role.CITY_TASK_FORCE, chains=(here.chain.pk,), regions=("1402",))
    figures = read(queries.scope_of(city))
    assert [chart.key for chart in charts(figures)] == [
        "demand-lines",
        "supply-lines",
        "funnel",
        "agreements",
    ]
    assert (figures.demands, figures.supplies, figures.stages[Stage.HANDED_IN]) == (2, 0, 2)


def _links(page: str) -> list[tuple[str, int]]:
    found = re.findall(r'<a href="(/overview/rows/\?[^"]+)">([\d,]+)</a>', page)
    return [(unescape(address), int(number.replace(",", ""))) for address, number in found]


@pytest.mark.parametrize("query", ["", "chain=photovoltaic", "chain=photovoltaic&city=1401"])
def test_every_number_leads_to_as_many_rows(here: World, query: str) -> None:
    client = browser(here.office)
    links = _links(client.get(f"{reverse('overview')}?{query}").content.decode())
    assert len(links) > 8
    wrong = {
        address: (number, rows)
        for address, number in links
        if "unit=" not in address and (rows := client.get(address).context["page"].paginator.count) != number
    }
    assert wrong == {}


def test_a_quantity_leads_to_the_lines_that_it_is_made_of(here: World) -> None:
    client = browser(here.office)
    page = client.get(reverse("overview")).content.decode()
    titles = {
        f"{found[1]} {found[2]}": [line.title for line in client.get(address).context["page"]]
        for address, _number in _links(page)
        if (found := re.search(r"show=(\w+)&unit=(.+)$", unquote(address)))
    }
    assert titles == {
        "agreed 片": ["N型单晶硅片"],
        "allocated 片": ["N型单晶硅片"] * 3,
        "unmet 吨": ["绝缘栅双极晶体管"],
    }


def test_a_round_leads_to_its_figures_and_its_run(here: World) -> None:
    client = browser(here.office)
    trend = find(charts(read(queries.scope_of(here.office, chain=here.chain, city="1402"))), "trend")
    assert trend is not None
    (row,) = trend.rows
    ways = [cell.href for cell in row.cells]
    found = [client.get(way).context["page"].paginator.count for way in (ways[0], ways[1], ways[3])]
    assert found == [3, 4, Gap.objects.count()]
    assert ways[2] == reverse("run_matches", args=[Match.objects.values_list("run_id")[0][0]])
    shown = client.get(row.href).context["figures"]
    assert (shown.scope.round, shown.covered) == (here.round.name, Coverage(4, 3))


def _rows(response: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    return list(book.worksheets[0].iter_rows())


def _cells(response: Any) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in _rows(response)]


def test_a_chart_is_downloaded_with_numbers(here: World) -> None:
    address = f"{reverse('overview')}?chain=photovoltaic&download=coverage"
    assert _cells(browser(here.office).get(address)) == [
        ("City", "Coverage", "Demand lines in the run", "Covered", "Not covered"),
        ("太原市", 66.7, 3, 2, 1),
        ("大同市", 100, 1, 1, 0),
    ]
    assert browser(here.office).get(f"{reverse('overview')}?download=nothing").status_code == 404


def test_rows_are_downloaded_and_no_formula_lives_in_them(here: World) -> None:
    factories.make_demand(
        here.leader, here.chain, key="=1+1", title="=HYPERLINK()", state=LineState.SUBMITTED
    )
    response = browser(here.office).get(f"{reverse('overview_rows')}?state=submitted&download=1")
    rows = _rows(response)
    (line,) = [row for row in rows if row[0].value == "=1+1"]
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
    # Marked as text, so that they stay text when somebody edits the cell.
    assert [cell.quotePrefix for cell in line[:2]] == [True, True]


def test_a_filter_in_force_is_told_in_words(here: World) -> None:
    page = browser(here.office).get(f"{reverse('overview_rows')}?show=gap-no_product").content.decode()
    assert re.findall(r'<span class="tag">Shown: ([^<]*)</span>', page) == ["no product"]


@pytest.mark.parametrize(("most", "told"), [(1, True), (100, False)])
def test_a_download_that_leaves_lines_out_says_so(
    here: World, monkeypatch: pytest.MonkeyPatch, most: int, told: bool
) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", 1)
    # The package names the page of that name, not its module.
    monkeypatch.setattr(import_module("matching.overview.portal.overview"), "MOST_ROWS", most)
    client = browser(here.office)
    page = client.get(reverse("overview_rows")).content.decode()
    assert (f"the first {most} lines" in page) is told
    rows = _cells(client.get(f"{reverse('overview_rows')}?download=1"))[1:]
    assert (len(rows) == 1) is told


def test_the_number_of_queries_does_not_grow(here: World) -> None:
    client = browser(here.office)

    def asked(name: str) -> int:
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(f"{reverse(name)}?chain=photovoltaic")
        return len(caught)

    before = {name: asked(name) for name in ("overview", "overview_rows", "overview_wall")}
    for number in range(3):
        firm = factories.make_firm(OrganisationKind.LEADER_FIRM, region=f"14{number + 3:02}01")
        person = factories.make_user(Role.LEADER_FIRM, firm)
        factories.make_demand(person, here.chain, state=LineState.VERIFIED)
    assert {name: asked(name) for name in before} == before
    assert before["overview"] <= 42


def test_the_wall_names_no_firm_and_leads_back(here: World) -> None:
    page = browser(here.office).get(f"{reverse('overview_wall')}?chain=photovoltaic").content.decode()
    firms = {factories.firm_of(user).name for user in (here.leader, here.member)}
    assert [name for name in firms if name in page] == []
    assert 'href="/overview/?chain=photovoltaic" data-leave' in page
