"""Pairs that both sides accepted, for tests of signing meetings."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match
from tests import factories, world


def accept_all(here: world.World, demands: int = 3) -> list[Review]:
    """As many demand lines of the leader firm, each accepted with the member firm."""
    run = world.finished_run(here, demands=demands, supplies=1)
    reviews = []
    for match in Match.objects.filter(run=run):
        review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
        decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
        reviews.append(decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT))
    return reviews


def hold_back(review: Review) -> None:
    """As if the member firm had not answered yet."""
    Review.objects.filter(pk=review.pk).update(state=ReviewState.LEADER_ACCEPTED, accepted_at=None)


def accept_now(review: Review) -> None:
    """As if the member firm answered only now."""
    Review.objects.filter(pk=review.pk).update(state=ReviewState.ACCEPTED, accepted_at=timezone.now())


def another_chain(member: User) -> world.World:
    """A second chain with its own leader firm and that member firm."""
    chain = factories.make_chain("nev", "新能源汽车")
    return world.World(
        chain=chain,
        round=factories.make_round(chain),
        office=factories.make_user(Role.CHAIN_OFFICE),
        department=factories.make_user(Role.LEAD_DEPARTMENT),
        leader=factories.make_user(Role.LEADER_FIRM),
        member=member,
    )
