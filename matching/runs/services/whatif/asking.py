"""Questions as people put them, and who may ask which."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from matching.chains.models import Region
from matching.engine.types import ConditionKind, Need, Offer
from matching.engine.whatif import Change, Changed, OfferChanged, Waived, Withdrawn
from matching.errors import Conflict, Forbidden, Invalid
from matching.runs import access
from matching.runs.models import FrozenLine, MatchingRun, Side
from matching.runs.queries.frozen import need_of, offer_of
from matching.runs.services.artefacts import refuse_other_release
from matching.runs.services.whatif.computing import compute
from matching.runs.services.whatif.telling import ToldAnswer, tell
from matching.runs.states import RunState

SECRET_KINDS = frozenset({ConditionKind.PRICE, ConditionKind.CAPACITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of three: a condition of a demand line is waived, or asks for ``to`` where that is not empty; a
    firm drops out; a supply line has another free capacity or minimum order, in its unit.

    ``ordinal``: which of the line's conditions of that kind, from 0, in the order of its rows.
    """

    demand: uuid.UUID | None = None
    kind: ConditionKind | None = None
    ordinal: int = 0
    to: str = ""
    firm: uuid.UUID | None = None
    supply: uuid.UUID | None = None
    free_capacity: Decimal | None = None
    minimum_order: Decimal | None = None


def ask(*, actor: User, run: MatchingRun, question: Question) -> ToldAnswer:
    """What would be otherwise in a finished run that the person may see. No side effects.

    Raises ``Conflict`` where the run has not finished or another release computed it, ``Forbidden`` where the
    answer would tell a price or a capacity to somebody who may not see it, ``Invalid`` where the run has no
    such lines or the question can't be understood.
    """
    if run.state != RunState.FINISHED:
        raise Conflict(_("This run has not finished."), code="run_not_finished")
    refuse_other_release(run)
    change = _change(run, question)
    secret = isinstance(change, OfferChanged) or (isinstance(change, Changed) and change.kind in SECRET_KINDS)
    if secret and not access.sees_secrets(actor, run.round.chain_id):
        told = _("Only the office of this chain asks about prices and quantities.")
        raise Forbidden(told, code="not_your_chain")
    return tell(compute(run, change))


def need_in(run: MatchingRun, demand: uuid.UUID) -> Need:
    """A demand line as the run compared it. Raises ``Invalid`` where the run has none such."""
    return need_of(_line(run, Side.NEED, demand, "demand"))


def offer_in(run: MatchingRun, supply: uuid.UUID) -> Offer:
    """A supply line as the run compared it. Raises ``Invalid`` where the run has none such."""
    return offer_of(_line(run, Side.OFFER, supply, "supply"))


def _line(run: MatchingRun, side: Side, line: uuid.UUID, name: str) -> FrozenLine:
    found = FrozenLine.objects.filter(run=run, side=side, line_id=line).first()
    if found is None:
        raise Invalid({name: [_("This line is not part of the run.")]}, code="not_in_run")
    return found


def _change(run: MatchingRun, question: Question) -> Change:
    match question:
        case Question(demand=uuid.UUID() as demand, kind=ConditionKind() as kind, firm=None, supply=None):
            key = _line(run, Side.NEED, demand, "demand").key
            if question.to:
                to = _in_codes(question.to) if kind == ConditionKind.REGION else question.to
                return Changed(key, kind, question.ordinal, to)
            return Waived(key, kind, question.ordinal)
        case Question(demand=None, firm=uuid.UUID() as firm, supply=None):
            return Withdrawn(_offers_of(run, firm))
        case Question(demand=None, firm=None, supply=uuid.UUID() as supply):
            key = _line(run, Side.OFFER, supply, "supply").key
            if question.free_capacity is None and question.minimum_order is None:
                raise Invalid({"free_capacity": [_("State another quantity.")]}, code="required")
            return OfferChanged(key, question.free_capacity, question.minimum_order)
    told = _("Ask about one condition of a demand line, one firm, or one supply line.")
    raise Invalid({"non_field_errors": [told]}, code="invalid")


def _in_codes(text: str) -> str:
    """Names of provinces and cities as their codes; what is no such name stays as it is."""
    words = text.replace("，", "、").replace(",", "、").replace(" ", "、").split("、")
    codes = dict(Region.objects.filter(name__in=words).order_by("-code").values_list("name", "code"))
    return "、".join(codes.get(word, word) for word in words if word)


def _offers_of(run: MatchingRun, firm: uuid.UUID) -> frozenset[str]:
    code = Organisation.objects.filter(pk=firm).values_list("uscc", flat=True).first()
    lines = FrozenLine.objects.filter(run=run, side=Side.OFFER, key__startswith=f"{code}/")
    keys = frozenset(lines.values_list("key", flat=True))
    if not code or not keys:
        raise Invalid({"firm": [_("This firm offers nothing in the run.")]}, code="not_in_run")
    return keys
