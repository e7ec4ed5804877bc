"""Verbs on reviews. A decision belongs to the pair of lines and outlives runs and re-uploads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from matching.errors import Conflict, Forbidden, Invalid, Refusal
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services import has_contract, people_of
from matching.lists.states import LineState
from matching.memory.services import forget_pair, remember_pair
from matching.notices.models import Topic
from matching.notices.services import tell
from matching.review import access
from matching.review.models import Decision, Review
from matching.review.states import NEEDS_REASON, REVIEW, ReviewAction, ReviewState
from matching.runs.models import Match
from matching.runs.services import award, refuse_superseded, set_excluded, take_back
from matching.runs.states import RunState

REASON_LENGTH = 500


@transaction.atomic
def review_match(
    *, actor: User, match_id: uuid.UUID, action: ReviewAction, reason: str = "", seen: str = ""
) -> Review:
    """An office's decision on a match of the newest run; opens the pair's review where there is none.

    Side effects: as ``decide``; the review then points to this match. Raises ``Conflict`` for a match
    of a run that is not finished or not the chain's newest.
    """
    match = Match.objects.get(pk=match_id)
    if not access.decides_for_office(actor, match):
        raise Forbidden(_("Only the office of this chain reviews its matches."), code="not_your_chain")
    if match.run.state != RunState.FINISHED:
        raise Conflict(_("The run is not finished."), code="run_not_finished")
    refuse_superseded(match.run)
    review, _created = Review.objects.get_or_create(
        demand_id=match.demand_id, supply_id=match.supply_id, defaults={"match": match}
    )
    return decide(actor=actor, review_id=review.pk, action=action, reason=reason, match=match, seen=seen)


@transaction.atomic
def decide(
    *,
    actor: User,
    review_id: uuid.UUID,
    action: ReviewAction,
    reason: str = "",
    match: Match | None = None,
    seen: str = "",
) -> Review:
    """Take one step of a review; ``seen`` is the state that the person decided on, empty for any.

    Side effects: one decision row; both firms are told when they are asked and when both agree;
    acceptance by both commits capacity of the supply line, awards the demand and is remembered for
    later runs, reopening it takes all three back; a rejected pair stays out of all lists to come until
    it is reopened. Concurrent calls: one wins, the other gets
    ``Conflict``, and so does whoever saw another state than there is now. Raises ``Forbidden``, ``Invalid``.
    """
    # The bare row alone: a join under the lock is slow while the planner knows no figures.
    review = Review.objects.select_for_update().get(pk=review_id)
    if not access.may(actor, review, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_review")
    return take_step(actor, review, action, reason=reason, match=match, seen=seen)


def take_step(
    actor: User,
    review: Review,
    action: ReviewAction,
    *,
    reason: str = "",
    match: Match | None = None,
    seen: str = "",
) -> Review:
    """As ``decide``, of a locked review and somebody whose right to it the caller has checked."""
    _refuse_unseen(review, seen)
    target = REVIEW.target(review.state, action)
    _check_reason(action, reason)
    if action == ReviewAction.SHORTLIST and match is None:
        refuse_superseded(review.match.run)
    before, review.state = review.state, target
    if match is not None:
        review.match = match
    if target == ReviewState.ACCEPTED:
        _commit_capacity(review)
        _remember(actor, review)
    elif before == ReviewState.ACCEPTED:
        if has_contract(pair=review.pk):
            raise Conflict(_("The pair has a contract; it is broken off there."), code="contract_stands")
        _release_capacity(review)
        forget_pair(actor=actor, demand=review.demand, supply=review.supply)
    review.save()
    Decision.objects.create(
        review=review, action=action, before=before, after=target, reason=reason, actor=actor
    )
    _keep_lists_in_step(review, action, reason)
    _tell_parties(review, action, before)
    return review


def _refuse_unseen(review: Review, seen: str) -> None:
    if seen and seen != review.state:
        raise Conflict(
            _("Somebody decided meanwhile: now “%(state)s”. Nothing was overwritten.")
            % {"state": ReviewState(review.state).label},
            code="decided_meanwhile",
        )


def _check_reason(action: ReviewAction, reason: str) -> None:
    if action in NEEDS_REASON and not reason.strip():
        raise Invalid({"reason": [_("Please give a reason.")]}, code="required")
    if len(reason) > REASON_LENGTH:
        raise Invalid(
            {"reason": [_("At most %(count)d characters.") % {"count": REASON_LENGTH}]}, code="max_length"
        )
    if "\0" in reason:
        raise Invalid(
            {"reason": [_("This text holds a character that can't be stored.")]},
            code="null_characters_not_allowed",
        )


def _commit_capacity(review: Review) -> None:
    """Take the allocated quantity from the supply line's free capacity, under the locks of both lines."""
    demand = DemandLine.objects.select_for_update(no_key=True).get(pk=review.demand_id)
    supply = SupplyLine.objects.select_for_update(no_key=True).get(pk=review.supply_id)
    match = review.match
    if supply.state != LineState.VERIFIED or demand.state != LineState.VERIFIED:
        raise Conflict(_("One of the two lines is no longer valid."), code="line_not_valid")
    frozen = (match.demand_fingerprint, match.supply_fingerprint)
    if (demand.fingerprint, supply.fingerprint) != frozen:
        raise Conflict(
            _("One of the two lines has changed since it was matched; it needs a new run."),
            code="line_changed",
        )
    quantity = match.allocated
    if supply.free_capacity is not None and supply.committed + quantity > supply.free_capacity:
        raise Conflict(
            _("The supplier's free capacity has been promised to others meanwhile."), code="capacity_taken"
        )
    supply.committed += quantity
    supply.save(update_fields=["committed"])
    award(match)
    review.quantity = quantity
    review.accepted_at = timezone.now()


def _release_capacity(review: Review) -> None:
    """Give back what the agreement had taken, under the supply line's lock."""
    supply = SupplyLine.objects.select_for_update(no_key=True).get(pk=review.supply_id)
    supply.committed -= review.quantity
    supply.save(update_fields=["committed"])
    take_back(pair=(review.demand_id, review.supply_id))
    review.quantity = Decimal(0)
    review.accepted_at = None


def _remember(actor: User, review: Review) -> None:
    remember_pair(
        actor=actor,
        demand=review.demand,
        supply=review.supply,
        text=review.match.demand_title,
        product=review.match.supply_title,
    )


def _keep_lists_in_step(review: Review, action: ReviewAction, reason: str) -> None:
    pair = (review.demand_id, review.supply_id)
    if action == ReviewAction.REJECT:
        set_excluded(pair=pair, excluded=True, reason=reason)
    elif action == ReviewAction.REOPEN:
        set_excluded(pair=pair, excluded=False, reason="")


def _tell_parties(review: Review, action: ReviewAction, before: str) -> None:
    parties: list[Organisation] = [review.demand.organisation, review.supply.organisation]
    if action == ReviewAction.SHORTLIST:
        _tell(review, parties, "asked", "有一条匹配等待贵单位答复", "A match waits for your answer")
    elif before == ReviewState.ACCEPTED:
        _tell(review, parties, "released", "双方已同意的对接被专班撤回", "An agreed match was taken back")
    elif review.state == ReviewState.ACCEPTED:
        _tell(review, parties, "agreed", "双方均已同意对接", "Both sides have said yes")
    elif review.state == ReviewState.DECLINED:
        _tell(review, parties, "declined", "一条匹配未获同意", "A match was declined")


def _tell(review: Review, parties: Sequence[Organisation], word: str, zh: str, en: str) -> None:
    for party in parties:
        line = review.demand if party == review.demand.organisation else review.supply
        tell(
            users=people_of(party),
            key=f"review:{review.pk}:{word}:{review.decisions.count()}",
            zh=f"{zh}:{line.title}"[:300],
            en=f"{en}: {line.title}"[:300],
            link=f"/reviews/{review.pk}/",
            topic=Topic.MATCHES,
        )


@dataclass(frozen=True, slots=True)
class BulkItem:
    """Result for one match of a bulk decision; ``problem`` is empty on success."""

    match: uuid.UUID
    state: str
    problem: str


def review_many(
    *, actor: User, match_ids: Iterable[uuid.UUID], action: ReviewAction, reason: str = ""
) -> list[BulkItem]:
    """One decision on several matches, each for itself: what can't be done is told, the rest is done."""
    done = []
    for match_id in match_ids:
        try:
            review = review_match(actor=actor, match_id=match_id, action=action, reason=reason)
            done.append(BulkItem(match=match_id, state=review.state, problem=""))
        except Refusal as refusal:
            done.append(BulkItem(match=match_id, state="", problem=refusal.message))
    return done
