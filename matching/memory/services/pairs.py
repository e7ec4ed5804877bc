"""What the programme itself remembers: pairs that both firms agreed on."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from matching.lists.models import DemandLine, SupplyLine
from matching.memory.models import Confirmation, Source, same_words
from matching.memory.states import CONFIRMATION, ConfirmationAction, ConfirmationState


def remember_pair(
    *,
    actor: User,
    demand: DemandLine,
    supply: SupplyLine,
    text: str,
    product: str,
) -> Confirmation | None:
    """Remember that both firms agreed that this offer is what the need asks for.

    ``text`` and ``product`` are the titles that were compared; nothing else of the need is kept. A
    confidential need leaves nothing behind: returns None. The caller holds the supply line's lock and has
    checked who acts. Side effects: one confirmation; where the pair is remembered already, that one is
    returned.
    """
    if demand.confidential:
        return None
    known = _standing(demand, supply)
    if known is not None:
        return known
    return Confirmation.objects.create(
        chain_id=demand.chain_id,
        kind=demand.kind,
        supply=supply,
        demand=demand,
        text=text,
        product=product,
        text_key=same_words(text),
        product_key=same_words(product),
        source=Source.REVIEW,
        confirmed_on=timezone.localdate(),
        confirmed_by=actor,
    )


def forget_pair(*, actor: User, demand: DemandLine, supply: SupplyLine) -> None:
    """Take back what ``remember_pair`` wrote: the acceptance no longer holds.

    What the office told of the same offer stays. The caller holds the supply line's lock.
    """
    known = _standing(demand, supply)
    if known is None:
        return
    known.state = CONFIRMATION.target(known.state, ConfirmationAction.WITHDRAW)
    known.ended_at, known.ended_by = timezone.now(), actor
    known.save(update_fields=["state", "ended_at", "ended_by"])


def _standing(demand: DemandLine, supply: SupplyLine) -> Confirmation | None:
    found = Confirmation.objects.filter(
        demand=demand, supply=supply, source=Source.REVIEW, state=ConfirmationState.STANDING
    )
    return found.first()
