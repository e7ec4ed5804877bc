"""Who may state, confirm and follow up; pages and API ask here."""

from __future__ import annotations

import uuid

from accounts.models import User
from accounts.permits import Act
from matching.agreements.models import Agreement, Side, SupervisionOrder
from matching.agreements.permits import AGREEMENT, ORDER, PROGRESS, RULE, ProgressAct
from matching.agreements.states import AGREEMENT as STEPS
from matching.agreements.states import ORDER as ORDER_STEPS
from matching.agreements.states import AgreementAction, OrderAction
from matching.chains.models import Chain
from matching.review.models import Review
from matching.review.states import ReviewState


def sides(user: User, review: Review) -> list[Side]:
    """The sides of a pair that the person speaks for; firms before the office."""
    chain = review.demand.chain_id
    firms = ((Side.DEMAND, review.demand.organisation_id), (Side.SUPPLY, review.supply.organisation_id))
    found = [side for side, firm in firms if AGREEMENT.allows(user, Act.CREATE, firm=firm)]
    if AGREEMENT.allows(user, Act.CREATE, chain=chain):
        found.append(Side.OFFICE)
    return found


def can_state(user: User, review: Review) -> bool:
    """One of the two firms, or the chain's office or department, once both firms have said yes."""
    return review.state == ReviewState.ACCEPTED and bool(sides(user, review))


def _firms(agreement: Agreement, action: str) -> list[uuid.UUID | None]:
    """The firms as which the action may be taken; None: as the office alone."""
    review = agreement.review
    firms = {Side.DEMAND: review.demand.organisation_id, Side.SUPPLY: review.supply.organisation_id}
    if action == AgreementAction.CORRECT:
        return [*firms.values()]
    own = action == AgreementAction.WITHDRAW
    return [firm for side, firm in firms.items() if (side == agreement.stated_as) is own] or [None]


def may(user: User, agreement: Agreement, action: str) -> bool:
    """Whether the person's role allows the action, whatever the state."""
    chain = agreement.review.demand.chain_id
    return any(AGREEMENT.allows(user, action, chain=chain, firm=firm) for firm in _firms(agreement, action))


def acts_as(user: User, agreement: Agreement, action: str) -> Side:
    """The side for which the person takes the action; the caller has asked ``may``."""
    review = agreement.review
    firms = _firms(agreement, action)
    for side, firm in (
        (Side.DEMAND, review.demand.organisation_id),
        (Side.SUPPLY, review.supply.organisation_id),
    ):
        if firm in firms and AGREEMENT.allows(user, action, firm=firm):
            return side
    return Side.OFFICE


def actions(user: User, agreement: Agreement) -> list[AgreementAction]:
    """Actions that role and state allow now, for buttons and for clients."""
    legal = [AgreementAction(action) for action in dict.fromkeys(STEPS.actions(agreement.state))]
    return [action for action in legal if may(user, agreement, action)]


def may_with(user: User, review: Review, action: ProgressAct) -> bool:
    """Whether the person's role allows that much about a pair, whatever its state."""
    firms = [review.demand.organisation_id]
    if action != ProgressAct.DELIVER:
        firms.append(review.supply.organisation_id)
    chain = review.demand.chain_id
    return any(PROGRESS.allows(user, action, chain=chain, firm=firm) for firm in firms)


def follows_up(user: User) -> bool:
    """Sees the progress of some pairs."""
    return PROGRESS.somewhere(user, Act.VIEW)


def sees_orders(user: User) -> bool:
    """Sees supervision orders of some chain."""
    return ORDER.somewhere(user, Act.VIEW)


def may_order(user: User, order: SupervisionOrder, action: str) -> bool:
    """Whether the person's role allows the action on a supervision order."""
    return ORDER.allows(user, action, chain=order.chain_id)


def order_actions(user: User, order: SupervisionOrder) -> list[OrderAction]:
    """Actions that role and state allow now."""
    legal = [OrderAction(action) for action in ORDER_STEPS.actions(order.state)]
    return [action for action in legal if may_order(user, order, action)]


def sees_rule(user: User, chain: str) -> bool:
    """Reads by which days a chain's pairs are followed up, where there is such a chain."""
    return RULE.allows(user, Act.VIEW, chain=chain) and Chain.objects.filter(pk=chain).exists()


def keeps_rule(user: User, chain: str) -> bool:
    """Says how many days the steps of a chain's pairs have."""
    return RULE.allows(user, Act.EDIT, chain=chain)
