"""What accepted pairs are worth: the value at stake, and until when they have to be settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from matching.review.models import Review

SOON = timedelta(days=30)
POINT_CNY = 1000
MOST_POINTS = 40_000
SCORE_A_POINT = 500


def stake(review: Review) -> Decimal | None:
    """CNY a month: the committed quantity at the middle of the supplier's price range; None without a price.

    For offices only: it tells a firm's price.
    """
    prices = [price for price in (review.supply.price_low, review.supply.price_high) if price is not None]
    if not prices or not review.quantity:
        return None
    monthly: Decimal = review.quantity * sum(prices) / len(prices)
    return monthly.quantize(Decimal("0.01"))


def due(review: Review) -> date:
    """The first day on which a delivery window closes or one of the two lines ends."""
    ends = [review.demand.deliver_until, review.demand.valid_until, review.supply.valid_until]
    return min(end for end in ends if end is not None)


def points(review: Review, day: date) -> int:
    """What a meeting of the pair counts in a plan for that day.

    One point for each 1,000 CNY a month, twice where the pair is due within 30 days of the day; the score
    decides among pairs without a price and among equals. At most 80,020, so that sums stay whole numbers.
    """
    at_stake = min(MOST_POINTS, int((stake(review) or 0) / POINT_CNY))
    urgency = 2 if due(review) <= day + SOON else 1
    return at_stake * urgency + min(review.match.score, 10_000) // SCORE_A_POINT


def total(reviews: Iterable[Review]) -> Decimal:
    """CNY a month of all pairs with a price."""
    return sum((stake(review) or Decimal(0) for review in reviews), Decimal(0))


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a meeting is proposed as it is: value, urgency and coverage, of what is held and of all that waits.

    Money is CNY a month; ``unpriced`` counts pairs whose supplier named no price.
    """

    pairs: int
    pairs_wanted: int
    firms: int
    firms_wanted: int
    value: Decimal
    value_wanted: Decimal
    unpriced: int
    urgent: int
    due: date | None


def reasons(held: Iterable[Review], left: Iterable[Review], day: date) -> Reasons:
    """For a meeting on ``day`` that holds these pairs and leaves those."""
    held, left = list(held), list(left)
    wanted = held + left
    return Reasons(
        pairs=len(held),
        pairs_wanted=len(wanted),
        firms=len(_firms(held)),
        firms_wanted=len(_firms(wanted)),
        value=total(held),
        value_wanted=total(wanted),
        unpriced=sum(stake(review) is None for review in held),
        urgent=sum(due(review) <= day + SOON for review in held),
        due=min((due(review) for review in held), default=None),
    )


def _firms(reviews: Iterable[Review]) -> set[object]:
    return {
        firm for review in reviews for firm in (review.demand.organisation_id, review.supply.organisation_id)
    }
