"""What a contract in force takes of the supplier's capacity, in place of what acceptance had reserved."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from matching.agreements.amounts import Kind
from matching.agreements.models import Agreement
from matching.chains.queries import glossary_for
from matching.engine import units
from matching.engine.text import index_glossary
from matching.lists.services import give_back_capacity, take_capacity
from matching.lists.takings import CapacityTaken
from matching.review.services import confirm_pair, end_reservation, reserve_again
from matching.runs.services import set_award

OPEN_ENDED = timedelta(days=365)
"""How long a contract that names no last day of delivery takes capacity."""


def take_for(agreement: Agreement, actor: User) -> None:
    """Count a contract that has come into force, or its new terms, among what the supplier has promised.

    Side effects: what acceptance had reserved for the pair is free again; later runs offer and ask for that
    much less; the pair is confirmed for matching. Raises ``Conflict`` where the capacity is promised to
    others.
    """
    review = agreement.review
    reserved = end_reservation(review)
    begins, ends = _term(agreement)
    monthly = _monthly(agreement, begins, ends)
    if monthly is None:
        # Without a quantity and a term it takes what was reserved, or what it took before.
        known = CapacityTaken.objects.filter(source=agreement.pk).first()
        monthly = known.monthly if known is not None else reserved
    take_capacity(
        supply_id=review.supply_id,
        pair=review.pk,
        source=agreement.pk,
        monthly=monthly,
        begins_on=begins,
        ends_on=ends,
    )
    _award(agreement)
    confirm_pair(actor=actor, review=review)


def give_back_for(agreement: Agreement) -> None:
    """A contract that was struck out takes nothing; without another one the pair reserves again."""
    if agreement.kind != Kind.CONTRACT:
        return
    taken = CapacityTaken.objects.filter(source=agreement.pk).first()
    give_back_capacity(supply_id=agreement.review.supply_id, source=agreement.pk)
    others = CapacityTaken.objects.filter(pair=agreement.review_id).exists()
    if taken is not None and not others:
        # What the match had allocated; a run that was made since says nothing about it.
        reserve_again(agreement.review, agreement.review.match.allocated)
    elif others:
        _award(agreement)


def give_up_for(agreement: Agreement) -> None:
    """The deal is off: its contract takes nothing any more, and nothing is reserved in its place."""
    give_back_capacity(supply_id=agreement.review.supply_id, source=agreement.pk)


def _award(agreement: Agreement) -> None:
    review = agreement.review
    takings = CapacityTaken.objects.filter(pair=review.pk).values_list("monthly", flat=True)
    quantity = sum(takings, Decimal(0))
    if quantity:
        set_award(pair=(review.demand_id, review.supply_id), quantity=quantity, unit=review.supply.unit)


def _term(agreement: Agreement) -> tuple[date, date]:
    begins = agreement.deliver_from or agreement.signed_on
    return begins, max(begins, agreement.deliver_until or begins + OPEN_ENDED)


def _monthly(agreement: Agreement, begins: date, ends: date) -> Decimal | None:
    """Quantity a month in the offer's unit; None where the contract does not say or measures otherwise."""
    if agreement.quantity is None or agreement.deliver_until is None:
        return None
    aliases = index_glossary(glossary_for(agreement.review.demand.chain_id)).units
    unit = agreement.review.supply.unit
    quantity = units.convert(agreement.quantity, agreement.unit, unit, aliases)
    months = max(1, ((ends - begins).days + 15) // 30)
    return None if quantity is None else quantity / months
