"""What becomes of a pair's reservation and award once it has a contract, and when the deal ends.

Agreements come after reviews; they call these under the review's lock and have checked who acts.
"""

from __future__ import annotations

from decimal import Decimal

from accounts.models import User
from matching.lists.models import SupplyLine
from matching.lists.services import reserve_capacity
from matching.memory.services import forget_pair, remember_pair
from matching.review.models import Decision, Review
from matching.review.states import REVIEW, ReviewAction
from matching.runs.services import set_award, take_back


def end_reservation(review: Review) -> Decimal:
    """Give back what acceptance had reserved, since a contract takes its own; returns how much it was.

    Side effects: the supply line stays locked.
    """
    reserved = review.quantity
    if reserved:
        reserve_capacity(supply_id=review.supply_id, more=-reserved)
        _hold(review, Decimal(0))
    return reserved


def reserve_again(review: Review, wanted: Decimal) -> None:
    """Reserve as much as is still free of what was reserved before the contract that is no more.

    Side effects: the supply line stays locked; later runs ask for that much less.
    """
    held = reserve_capacity(supply_id=review.supply_id, more=wanted)
    _hold(review, review.quantity + held)
    pair = (review.demand_id, review.supply_id)
    set_award(pair=pair, quantity=review.quantity, unit=review.supply.unit)


def _hold(review: Review, quantity: Decimal) -> None:
    review.quantity = quantity
    review.save(update_fields=["quantity", "updated_at"])


def confirm_pair(*, actor: User, review: Review) -> None:
    """A contract confirms that the offer is what the need asks for. Side effects: as ``remember_pair``."""
    SupplyLine.objects.select_for_update(no_key=True).get(pk=review.supply_id)
    titles = {"text": review.match.demand_title, "product": review.match.supply_title}
    remember_pair(actor=actor, demand=review.demand, supply=review.supply, **titles)


def end_pair(*, actor: User, review: Review, reason: str) -> None:
    """The two firms' deal is off.

    Side effects: one decision row; what is reserved is free, the demand is asked for again by the next run,
    the confirmation of the pair is taken back.
    """
    before = review.state
    target = REVIEW.target(before, ReviewAction.BREAK_OFF)
    end_reservation(review)
    take_back(pair=(review.demand_id, review.supply_id))
    forget_pair(actor=actor, demand=review.demand, supply=review.supply)
    review.state, review.accepted_at = target, None
    review.save()
    Decision.objects.create(
        review=review,
        action=ReviewAction.BREAK_OFF,
        before=before,
        after=target,
        reason=reason,
        actor=actor,
    )
