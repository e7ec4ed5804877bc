"""Every list asks the database as often for one row as for three."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import OrganisationKind
from matching.chains.models import GlossaryEntry, Region
from matching.engine.types import Policy
from matching.lists.states import LineState, RoundState
from matching.meetings.models import Table, Venue
from matching.memory.services import PastPair, remember_history
from matching.notices.services import tell
from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import Gap, Match, MatchingRun, NearMiss
from matching.runs.services import adopt_rules, start_run
from tests import factories, world
from tests.api.matrix import TABLE
from tests.api.story import API, Story

OPERATIONS = {
    operation.path: operation
    for operation in TABLE
    if operation.method == "GET"
    and not operation.path.rstrip("/").endswith(("}", "me", "content", "file", "compared", "completeness"))
}
LISTS = sorted(OPERATIONS)


def _twins(story: Story) -> None:
    """Two more of everything that a list shows."""
    here = story.world
    for number in range(2):
        factories.make_chain(f"chain-{number}", f"链{number}")
        for state in (LineState.DRAFT, LineState.SUBMITTED, LineState.VERIFIED):
            factories.make_demand(
                here.leader, here.chain, state=state, requirements=({"parameter": "厚度", "low": 1},)
            )
            factories.make_supply(
                here.member,
                here.chain,
                state=state,
                properties=({"parameter": "厚度", "low": 1},),
                certificates=({"name": "A"},),
            )
        factories.make_round(here.chain, RoundState.PLANNED)
        Region.objects.create(code=f"140{number + 2}", name="市", level="city", parent_id="14")
        GlossaryEntry.objects.create(kind="synonym", words=[f"a{number}", f"b{number}"])
        factories.make_firm(OrganisationKind.MEMBER_FIRM)
        venue = Venue.objects.create(name=f"v{number}", address="a", region="14")
        Table.objects.create(venue=venue, number=1)
        factories.make_rule(factories.make_chain(f"chain-{number}", f"链{number}"))
        offered = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
        told = PastPair(f"太阳能薄片{number}", offered.organisation.uscc or "", offered.key)
        remember_history(actor=here.office, pairs=[told])
        adopt_rules(
            actor=here.office,
            chain_id=here.chain.pk,
            kind="product",
            rules=Policy(max_suppliers=10 + number),
        )
        factories.make_proposal(here.chain)
        tell(users=[here.office, here.leader], key=f"twin{number}", zh="一", en="one")


def _counts(story: Story, part: str, paths: list[str]) -> dict[str, int]:
    counts = {}
    for path in paths:
        caches["process"].clear()  # what the answer before has left there would be the difference
        client = story.client(part)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(API + path.format(**story.names))
        assert response.status_code == OPERATIONS[path].status(part), path
        counts[path] = len(captured)
    return counts


@pytest.mark.parametrize("part", ["office", "leader", "member"])
def test_more_rows_cost_no_more_queries(story: Story, part: str) -> None:
    before = _counts(story, part, LISTS)
    _twins(story)
    assert _counts(story, part, LISTS) == before


def _another_run(story: Story) -> None:
    here = story.world
    for line in (factories.make_demand, factories.make_demand):
        line(here.leader, here.chain, state="verified")  # type: ignore[arg-type]
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    MatchingRun.objects.filter(pk=run.pk).update(number=99)
    story.names["run"] = run.pk
    pending = Match.objects.get(pk=story.names["match"])
    for match in Match.objects.filter(run=run).exclude(demand=pending.demand_id, supply=pending.supply_id):
        if not Review.objects.filter(demand=match.demand_id, supply=match.supply_id).exists():
            review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
            decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    match = Match.objects.filter(run=run)[0]
    for demand in {item.demand for item in Match.objects.filter(run=run)}:
        Gap.objects.get_or_create(
            run=run,
            demand=demand,
            defaults={"type": "price", "uncovered": 1, "evidence_zh": "", "evidence_en": ""},
        )
        NearMiss.objects.create(
            run=run,
            demand=demand,
            supply=match.supply,
            rank=1,
            score=1,
            need_position=match.need_position,
            offer_position=match.offer_position,
            verdicts="Y-1000",
            values=match.values,
        )


RESULTS = [path for path in LISTS if any(word in path for word in ("run", "match", "review", "overview"))]


@pytest.mark.parametrize("part", ["office", "leader", "member"])
def test_more_results_cost_no_more_queries(story: Story, part: str) -> None:
    before = _counts(story, part, RESULTS)
    _another_run(story)
    assert _counts(story, part, RESULTS) == before
