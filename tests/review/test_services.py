"""Reviews: one table of transitions, one winner, capacity promised once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import SupplyLine
from matching.lists.services import change_round
from matching.lists.states import LineState, RoundAction
from matching.notices.models import Notice
from matching.review.models import Decision, Review
from matching.review.services import decide, review_many, review_match
from matching.review.states import REVIEW, ReviewAction, ReviewState
from matching.runs.models import Match
from matching.runs.services import publish, start_run
from tests import factories, world

pytestmark = pytest.mark.django_db


def _shortlisted(here: world.World) -> Review:
    run = world.finished_run(here)
    match = Match.objects.filter(run=run).order_by("-allocated", "rank")[0]
    return review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)


def test_both_sides_accept_and_capacity_is_committed() -> None:
    here = world.build()
    review = _shortlisted(here)
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    review = decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    supply = SupplyLine.objects.get(pk=review.supply_id)
    assert review.state == ReviewState.ACCEPTED
    assert (review.quantity, supply.committed) == (review.match.allocated, review.match.allocated)
    assert supply.committed == Decimal(100_000)
    assert list(Decision.objects.filter(review=review).values_list("action", "after")) == [
        ("shortlist", "shortlisted"),
        ("member_accept", "member_accepted"),
        ("leader_accept", "accepted"),
    ]
    assert Notice.objects.filter(user=here.leader, text_zh__startswith="双方均已同意对接").count() == 1


@pytest.mark.parametrize("state", ReviewState.values)
@pytest.mark.parametrize("action", ReviewAction.values)
def test_only_declared_transitions_happen(state: str, action: str) -> None:
    here = world.build()
    review = _shortlisted(here)
    Review.objects.filter(pk=review.pk).update(state=state)
    actor = {"l": here.leader, "m": here.member}.get(action[0], here.office)
    if REVIEW.allows(state, action):
        done = decide(actor=actor, review_id=review.pk, action=ReviewAction(action), reason="理由")
        assert done.state == REVIEW.target(state, action)
        return
    with pytest.raises(Conflict):
        decide(actor=actor, review_id=review.pk, action=ReviewAction(action), reason="理由")
    assert Review.objects.get(pk=review.pk).state == state


def test_nobody_answers_for_another() -> None:
    here = world.build()
    review = _shortlisted(here)
    strangers: list[tuple[User, ReviewAction]] = [
        (here.member, ReviewAction.LEADER_ACCEPT),
        (here.leader, ReviewAction.MEMBER_ACCEPT),
        (here.office, ReviewAction.LEADER_ACCEPT),
        (here.leader, ReviewAction.REJECT),
        (factories.make_user(Role.LEADER_FIRM), ReviewAction.LEADER_ACCEPT),
        (factories.make_user(Role.CHAIN_OFFICE, chains=("nev",)), ReviewAction.REJECT),
    ]
    for person, action in strangers:
        with pytest.raises(Forbidden):
            decide(actor=person, review_id=review.pk, action=action, reason="理由")


def test_a_refusal_needs_a_reason() -> None:
    here = world.build()
    review = _shortlisted(here)
    with pytest.raises(Invalid) as refused:
        decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_DECLINE, reason=" ")
    assert list(refused.value.fields) == ["reason"]


def test_a_decision_survives_the_next_run_and_keeps_the_pair_out_of_the_list() -> None:
    here = world.build()
    run = world.finished_run(here)
    match = Match.objects.filter(run=run).order_by("rank")[0]
    review_match(actor=here.office, match_id=match.pk, action=ReviewAction.REJECT, reason="曾有质量问题")
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    same = Match.objects.get(run=again, demand=match.demand_id, supply=match.supply_id)
    published = publish(actor=here.office, run_id=again.pk)
    assert (same.excluded, same.excluded_reason) == (True, "曾有质量问题")
    assert published.matches == Match.objects.filter(run=again, excluded=False).count()
    with pytest.raises(Conflict):
        review_match(actor=here.office, match_id=same.pk, action=ReviewAction.SHORTLIST)


def test_bulk_decisions_tell_what_could_not_be_done() -> None:
    here = world.build()
    run = world.finished_run(here)
    first, second = Match.objects.filter(run=run).order_by("rank")
    review_match(actor=here.office, match_id=first.pk, action=ReviewAction.REJECT, reason="理由")
    done = review_many(actor=here.office, match_ids=[first.pk, second.pk], action=ReviewAction.SHORTLIST)
    assert [(item.state, bool(item.problem)) for item in done] == [("", True), ("shortlisted", False)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rivals", [8])
def test_the_last_capacity_is_given_to_one(rivals: int) -> None:
    here = world.build()
    leaders = [factories.make_user(Role.LEADER_FIRM) for _ in range(rivals)]
    for leader in leaders:
        factories.make_demand(leader, here.chain, state=LineState.VERIFIED)
    supply = factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED, free_capacity=Decimal(100_000)
    )
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    Match.objects.filter(run=run).update(allocated=Decimal(100_000))
    reviews = []
    for match in Match.objects.filter(run=run).select_related("demand"):
        review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
        decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
        owner = next(one for one in leaders if one.acts_for(match.demand.organisation_id))
        reviews.append((owner, review))

    def accept(pair: tuple[User, Review]) -> str:
        try:
            decide(actor=pair[0], review_id=pair[1].pk, action=ReviewAction.LEADER_ACCEPT)
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(rivals) as pool:
        answers = sorted(pool.map(accept, reviews))
    supply.refresh_from_db()
    assert answers == ["accepted"] + ["capacity_taken"] * (rivals - 1)
    assert supply.committed == Decimal(100_000)
