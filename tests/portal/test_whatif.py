"""The page of what-if questions: what it offers, what it answers, and in which words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs.models import MatchingRun
from matching.runs.services import start_run
from tests import factories, world

pytestmark = pytest.mark.django_db


def _finished() -> tuple[world.World, MatchingRun, DemandLine, SupplyLine]:
    """A demand with a price ceiling of 12.5, and one offer at 13.75."""
    here = world.build()
    demand = factories.make_demand(
        here.leader, here.chain, state=LineState.VERIFIED, price_ceiling=Decimal("12.5")
    )
    supply = factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED, price_low=Decimal("13.75")
    )
    return here, world.compute(start_run(actor=here.office, round_id=here.round.pk)), demand, supply


def _page(person: User, run: MatchingRun, language: str = "en", **asked: object) -> str:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(person)
    response = client.get(
        reverse("run_what_if", args=[run.pk]), {name: str(one) for name, one in asked.items()}
    )
    assert response.status_code == 200
    return response.content.decode()


def test_gaps_and_near_misses_lead_to_the_question() -> None:
    here, run, demand, _ = _finished()
    client = Client()
    client.force_login(here.office)
    ask = reverse("run_what_if", args=[run.pk])
    near = client.get(reverse("run_near_misses", args=[run.pk])).content.decode()
    assert f"{ask}?demand={demand.pk}&amp;kind=price&amp;ordinal=0" in near
    assert f"{ask}?demand={demand.pk}" in client.get(reverse("run_gaps", args=[run.pk])).content.decode()
    assert f"?demand={demand.pk}" in _page(here.office, run)


def test_a_waived_condition_is_answered() -> None:
    here, run, demand, _ = _finished()
    page = _page(here.office, run, demand=demand.pk, kind="price", ordinal=0)
    assert "If this condition excluded nobody" in page
    assert "new match" in page
    assert "12.5 元" in page


def test_it_reads_chinese() -> None:
    here, run, demand, _ = _finished()
    page = _page(here.office, run, "zh-hans", demand=demand.pk, kind="price", to="14")
    assert "如果改为 14" in page
    assert "新增匹配" in page
    assert "条需求将变为全部落实" in page


def test_what_cannot_be_understood_is_told() -> None:
    here, run, demand, supply = _finished()
    assert "can&#x27;t be read as a value" in _page(
        here.office, run, demand=demand.pk, kind="price", to="便宜"
    )
    assert "not part of the run" in _page(here.office, run, demand=supply.pk)
    assert "Nothing would change." in _page(here.office, run, supply=supply.pk, free_capacity="1")
    assert "Enter a number." in _page(here.office, run, supply=supply.pk, free_capacity="plenty")


def test_values_are_taken_as_the_table_shows_them() -> None:
    here, run, demand, supply = _finished()
    assert "new match" in _page(here.office, run, demand=demand.pk, kind="price", to="≤14 元/片")
    assert "Nothing would change." in _page(here.office, run, supply=supply.pk, free_capacity="30万片")
    other = _page(here.office, run, demand=demand.pk, kind="price", to="14 元/kg")
    assert "can&#x27;t be compared with that of the list" in other
    assert 'value="14 元/kg"' in other


def test_a_bad_number_keeps_the_form() -> None:
    here, run, _, supply = _finished()
    page = _page(here.office, run, supply=supply.pk, free_capacity="1e400", minimum_order="20 片")
    assert 'value="1e400"' in page
    assert 'value="20 片"' in page
    assert page.count("Enter a number.") == 1
    page = _page(here.office, run, supply=supply.pk, free_capacity="20 kg")
    assert "can&#x27;t be compared with 片" in page


def test_a_firm_dropping_out() -> None:
    here, run, _, supply = _finished()
    name = supply.organisation.name
    assert f"If {name} dropped out …" in _page(here.office, run, supply=supply.pk)
    assert f"If {name} dropped out" in _page(here.office, run, firm=supply.organisation_id)


def test_other_offices_see_no_secret() -> None:
    here, run, demand, supply = _finished()
    page = _page(here.department, run, demand=demand.pk)
    assert "12.5" not in page
    assert 'name="to"' not in page
    assert "free_capacity" not in _page(here.department, run, supply=supply.pk)


def test_a_run_in_work_shows_its_progress_instead() -> None:
    here, _, _, _ = _finished()
    run = start_run(actor=here.office, round_id=here.round.pk)
    client = Client()
    client.force_login(here.office)
    assert client.get(reverse("run_what_if", args=[run.pk])).status_code == 303
