"""Pages ask the database a constant number of times, however long their lists are."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from matching.lists.models import DemandLine
from matching.lists.states import LineState
from matching.memory.services import PastPair, remember_history
from matching.review.services import review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match, MatchingRun
from matching.runs.services import publish, start_run
from tests import factories, world

pytestmark = pytest.mark.django_db


def queries(user: User, name: str, *arguments: object, query: str = "") -> int:
    """How many queries the page takes for that person."""
    client = Client()
    client.force_login(user)
    # Figures that are kept for some minutes would make the second visit cheaper.
    caches["process"].clear()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(reverse(name, args=arguments) + query)
    assert response.status_code == 200, response.content.decode()[:500]
    return len(captured)


def _grow(here: world.World) -> None:
    for state in (LineState.SUBMITTED, LineState.VERIFIED, LineState.DRAFT):
        factories.make_demand(
            here.leader,
            here.chain,
            state=state,
            requirements=({"parameter": "厚度", "operator": "at_most", "high": 3, "unit": "mm"},),
        )
        factories.make_supply(here.member, here.chain, state=state)


@pytest.mark.parametrize(
    ("part", "name", "query"),
    [
        ("leader", "home", ""),
        ("leader", "demand_list", ""),
        ("office", "home", ""),
        ("office", "demand_list", ""),
        ("office", "supply_list", "?q=硅片"),
        ("office", "verification", ""),
        ("office", "verification", "?side=supply"),
        ("office", "chain_list", ""),
        ("member", "supply_list", ""),
        ("member", "my_matches", ""),
    ],
)
def test_pages_of_lines(part: str, name: str, query: str) -> None:
    here = world.build()
    _grow(here)
    first = queries(getattr(here, part), name, query=query)
    _grow(here)
    _grow(here)
    assert queries(getattr(here, part), name, query=query) == first


def _run(demands: int) -> tuple[world.World, MatchingRun]:
    here = world.build()
    return here, world.finished_run(here, demands=demands, supplies=demands + 1)


@pytest.mark.parametrize("name", ["run_detail", "run_matches", "run_near_misses", "run_gaps", "run_publish"])
def test_pages_of_runs(name: str) -> None:
    here, run = _run(1)
    first = queries(here.office, name, run.pk)
    second = world.compute(_again(here))
    assert queries(here.office, name, second.pk) == first


def test_a_published_list() -> None:
    here, run = _run(1)
    before = publish(actor=here.office, run_id=run.pk)
    first = queries(here.office, "published_detail", before.pk)
    # With rows of every sort of change.
    DemandLine.objects.filter(pk=Match.objects.filter(run=run)[0].demand_id).update(state=LineState.WITHDRAWN)
    after = publish(actor=here.office, run_id=world.compute(_again(here)).pk)
    assert after.diff["added"]
    assert after.diff["removed"]
    assert queries(here.office, "published_detail", after.pk) == first


@pytest.mark.parametrize("query", ["", "?state=shortlisted", "?state=pending", "?q=硅片", "?band=A"])
def test_the_screen_of_a_run(query: str) -> None:
    here, run = _run(3)
    bands = set(Match.objects.filter(run=run).values_list("band", flat=True))
    query = query.replace("A", min(bands)) if "band" in query else query
    found = Match.objects.filter(run=run).order_by("demand__key", "rank")
    shortlist = ReviewAction.SHORTLIST
    review_match(actor=here.office, match_id=found[0].pk, action=shortlist)
    first = queries(here.office, "run_matches", run.pk, query=query)
    for match in found[1:8]:
        review_match(actor=here.office, match_id=match.pk, action=shortlist)
    assert queries(here.office, "run_matches", run.pk, query=query) == first


@pytest.mark.parametrize("show", ["waiting", "published", "all"])
@pytest.mark.parametrize("part", ["leader", "member"])
def test_matches_of_a_firm(part: str, show: str) -> None:
    here, run = _run(4)
    publish(actor=here.office, run_id=run.pk)
    found = Match.objects.filter(run=run).order_by("demand__key", "rank")
    counts = set()
    for match in found[:4]:
        review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
        counts.add(queries(getattr(here, part), "my_matches", query=f"?show={show}"))
    assert len(counts) == 1


def _again(here: world.World) -> MatchingRun:
    for _ in range(3):
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    return start_run(actor=here.office, round_id=here.round.pk)


def test_rounds() -> None:
    here = world.build()
    first = queries(here.office, "round_list")
    for number in range(3):
        factories.make_round(factories.make_chain(f"chain-{number}"))
    assert queries(here.office, "round_list") == first


def test_the_memory() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    uscc = line.organisation.uscc or ""
    pairs = [PastPair(text, uscc, line.key) for text in ("薄片", "硅片", "电池片")]
    remember_history(actor=here.office, pairs=pairs[:1])
    first = queries(here.office, "memory_list")
    remember_history(actor=here.office, pairs=pairs)
    assert queries(here.office, "memory_list") == first
