"""The page of a round: who has handed in, who is reminded how often, a later end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import OrganisationKind, Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import Round
from matching.lists.queries.submissions import by_city, submissions
from matching.lists.services import change_line, change_round, extend_round, remind_missing, rounds
from matching.lists.states import LineAction, LineState, RoundAction, RoundState
from matching.notices.models import Notice
from tests import factories, world

pytestmark = pytest.mark.django_db


def _firm(here: world.World, region: str, *, submits: bool) -> User:
    """A member firm of that county with a draft, which it may submit."""
    firm = factories.make_firm(OrganisationKind.MEMBER_FIRM, region=region)
    person = factories.make_user(Role.MEMBER_FIRM, firm)
    line = factories.make_supply(person, here.chain)
    if submits:
        change_line(actor=person, model=type(line), line_id=line.pk, action=LineAction.SUBMIT)
    return person


def _page(user: User, round_: Round, query: str = "") -> str:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    response = client.get(reverse("round_detail", args=[round_.pk]) + query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_rates_by_city_and_firm() -> None:
    here = world.build()
    done = _firm(here, "140105", submits=True)
    late = _firm(here, "140107", submits=False)
    far = _firm(here, "140202", submits=False)
    rows = submissions(here.office, here.round)
    told = {row.firm.pk: (row.missing, row.handed_in, row.drafts) for row in rows}
    assert told == {
        factories.firm_of(done).pk: (False, 1, 0),
        factories.firm_of(late).pk: (True, 0, 1),
        factories.firm_of(far).pk: (True, 0, 1),
    }
    assert [(rate.city, rate.percent, rate.handed_in, rate.firms) for rate in by_city(rows)] == [
        ("1402", 0, 0, 1),
        ("1401", 50, 1, 2),
    ]


def test_lines_of_earlier_rounds_are_in_force_and_not_handed_in() -> None:
    here = world.build()
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    [row] = submissions(here.office, here.round)
    assert (row.missing, row.in_force) == (True, 1)


def test_a_task_force_sees_and_reminds_the_firms_of_its_city_only() -> None:
    here = world.build()
    near, far = (_firm(here, region, submits=False) for region in ("140105", "140202"))
    city = factories.make_user(Role.CITY_TASK_FORCE, chains=(here.chain.pk,), regions=("1401",))
    assert [row.firm for row in submissions(city, here.round)] == [factories.firm_of(near)]
    assert factories.firm_of(far).name not in _page(city, here.round)
    remind_missing(actor=city, round_id=here.round.pk)
    assert list(Notice.objects.values_list("user", flat=True)) == [near.pk]


def test_nobody_is_reminded_twice_a_day_and_the_page_says_when() -> None:
    here = world.build()
    late = _firm(here, "140105", submits=False)
    _firm(here, "140105", submits=True)
    assert [one.user for one in remind_missing(actor=here.office, round_id=here.round.pk)] == [late]
    assert remind_missing(actor=here.department, round_id=here.round.pk) == []
    [notice] = Notice.objects.all()
    assert notice.link == "/lists/supply/"
    assert timezone.localtime(notice.created_at).strftime("%Y-%m-%d %H:%M") in _page(here.office, here.round)
    assert [row.reminded_at for row in submissions(here.office, here.round)] == [notice.created_at, None]


def test_only_ticked_firms_are_reminded() -> None:
    here = world.build()
    ticked, _other = (_firm(here, "140105", submits=False) for _ in range(2))
    told = remind_missing(actor=here.office, round_id=here.round.pk, firms=[factories.firm_of(ticked).pk])
    assert [one.user for one in told] == [ticked]


def test_who_may_not_remind_and_when_not() -> None:
    here = world.build()
    for stranger in (here.member, factories.make_user(Role.CHAIN_OFFICE, chains=("nev",))):
        with pytest.raises(Forbidden):
            remind_missing(actor=stranger, round_id=here.round.pk)
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    with pytest.raises(Conflict):
        remind_missing(actor=here.office, round_id=here.round.pk)


def test_a_round_is_extended_until_it_is_over() -> None:
    here = world.build()
    later = timezone.now() + timedelta(days=60)
    assert extend_round(actor=here.office, round_id=here.round.pk, closes_at=later).closes_at == later
    with pytest.raises(Invalid) as refused:
        extend_round(actor=here.office, round_id=here.round.pk, closes_at=timezone.now() - timedelta(1))
    assert list(refused.value.fields) == ["closes_at"]
    with pytest.raises(Forbidden):
        extend_round(actor=here.department, round_id=here.round.pk, closes_at=later)
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    with pytest.raises(Conflict):
        extend_round(actor=here.office, round_id=here.round.pk, closes_at=later)


def test_a_round_that_is_extended_at_its_last_moment_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    after = here.round.closes_at + timedelta(hours=1)
    advance = rounds._advance

    def extended_first(round_: Round, *how: Any) -> int:
        extend_round(actor=here.office, round_id=round_.pk, closes_at=after + timedelta(days=7))
        return advance(round_, *how)

    monkeypatch.setattr(rounds, "_advance", extended_first)
    assert rounds.advance_rounds(now=after) == 0
    assert Round.objects.get().state == RoundState.OPEN


def test_the_page_asks_a_constant_number_of_times_and_tells_what_its_filter_hides() -> None:
    here = world.build()
    counts = []
    for more in (1, 4, 4):
        for number in range(more):
            _firm(here, "140105", submits=bool(number))
        with CaptureQueriesContext(connection) as captured:
            page = _page(here.office, here.round, "?show=handed_in")
        counts.append(len(captured))
    assert counts[1] == counts[2]
    assert "3 entries are hidden by filters" in page
