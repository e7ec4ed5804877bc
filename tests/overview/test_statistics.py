"""Published statistics: what anybody may read, and that it tells of no single firm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from matching.agreements.amounts import Kind
from matching.lists.services import change_round
from matching.lists.states import LineState, RoundAction
from matching.overview.queries.public import Demand, Statistics, by_type, statistics
from matching.overview.queries.public_agreements import public_agreements
from matching.runs.services import publish, start_run
from tests import factories, world
from tests.agreements.pairs import pair_with_appointment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    caches["process"].clear()


def published(leaders: int, members: int) -> Statistics:
    """Statistics of a list to which so many firms gave two lines each."""
    here = world.build()
    for _ in range(leaders):
        person = factories.make_user(Role.LEADER_FIRM)
        for _line in range(2):
            factories.make_demand(person, here.chain, state=LineState.VERIFIED, quantity=10)
    for _ in range(members):
        person = factories.make_user(Role.MEMBER_FIRM)
        for _line in range(2):
            factories.make_supply(person, here.chain, state=LineState.VERIFIED)
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    publish(actor=here.office, run_id=world.compute(start_run(actor=here.office, round_id=here.round.pk)).pk)
    return statistics()


def test_three_firms_of_each_side_are_told() -> None:
    found = published(3, 3)
    (chain,) = found.chains
    assert (chain.demand, chain.supplies) == (Demand(6, 6), 6)
    assert (found.leader_firms, found.member_firms, found.demand, found.supplies) == (3, 3, Demand(6, 6), 6)
    assert (found.cities, found.agreements) == ({"1401": Demand(6, 6)}, {})
    assert chain.matches is not None


@pytest.mark.parametrize(("leaders", "members"), [(2, 2), (1, 1)])
def test_two_firms_are_not(leaders: int, members: int) -> None:
    found = published(leaders, members)
    (chain,) = found.chains
    nothing = Demand(None, None)
    assert (chain.demand, chain.supplies, chain.matches, chain.gaps) == (nothing, None, None, None)
    assert (found.leader_firms, found.member_firms, found.demand, found.supplies) == (
        None,
        None,
        nothing,
        None,
    )
    assert found.cities == {"1401": nothing}


def test_suppliers_are_hidden_by_themselves() -> None:
    (chain,) = published(3, 2).chains
    assert (chain.demand, chain.supplies, chain.matches) == (Demand(6, 6), None, None)


def test_the_place_of_a_hidden_gap_tells_nothing() -> None:
    counted = {"many": (9, 4), "secret": (7, 1), "some": (5, 3), "others": (8, 5)}
    assert list(by_type(counted).items()) == [("many", 9), ("others", 8), ("secret", None), ("some", None)]


def test_nothing_that_is_not_published_is_told() -> None:
    here = world.build()
    world.finished_run(here, demands=3)
    assert statistics() == Statistics()
    page = Client().get(reverse("statistics")).content.decode()
    assert "尚未发布匹配清单" in page


def test_visitors_read_why_a_number_is_missing_and_download_the_same() -> None:
    published(2, 3)
    page = Client().get(reverse("statistics")).content.decode()
    assert "为保护企业信息不显示" in page
    response = Client().get(f"{reverse('statistics')}?download=chains")
    assert response["Content-Disposition"].startswith("attachment")


def test_robots_find_the_public_pages_alone() -> None:
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert lines[-1] == "Disallow: /"
    assert "Allow: /statistics/" in lines


def test_agreements_of_this_month_and_of_few_firms_are_not_told() -> None:
    today = timezone.localdate()
    pair = pair_with_appointment()
    pair.agree(Kind.INTENT, signed_on=today)
    caches["process"].clear()
    assert public_agreements(today) == {}
    pair.agree(Kind.CONTRACT, signed_on=today.replace(day=1) - timedelta(days=1))
    caches["process"].clear()
    chain = pair.review.demand.chain_id
    assert public_agreements(today)[chain] == {
        Kind.INTENT: 0,
        Kind.SAMPLE: 0,
        Kind.QUOTE: 0,
        Kind.CONTRACT: None,
    }
