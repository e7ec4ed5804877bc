"""Reviews in which people with known weights decided on many pairs."""

from __future__ import annotations

from collections.abc import Mapping

from matching.lists.states import LineState
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.models import Match
from matching.runs.services import start_run
from tests import factories, world
from tests.engine.decisions import CRITERIA, decided

HIDDEN = {"text": 5, "requirements": 55, "delivery": 30, "price": 10}


def reviewed(
    here: world.World, *, demands: int = 30, offers: int = 5, weights: Mapping[str, int] = HIDDEN
) -> list[Review]:
    """A run with its matches, every one shortlisted or rejected by people who go by ``weights``."""
    wanted = [
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED) for _ in range(demands)
    ]
    offered = [
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED) for _ in range(offers)
    ]
    run = start_run(actor=here.office, round_id=here.round.pk)
    pairs = decided(weights, demands=demands, offers=offers, factor=16)
    matches = Match.objects.bulk_create(
        Match(
            run=run,
            demand=wanted[place // offers],
            supply=offered[place % offers],
            rank=1 + place % offers,
            score=0,
            band="C",
            need_position=place // offers,
            offer_position=place % offers,
            values=[dict(pair.values).get(criterion) for criterion in CRITERIA],
        )
        for place, pair in enumerate(pairs)
    )
    states = (ReviewState.REJECTED, ReviewState.SHORTLISTED)
    return Review.objects.bulk_create(
        Review(demand=match.demand, supply=match.supply, match=match, state=states[pair.wanted])
        for match, pair in zip(matches, pairs, strict=True)
    )
