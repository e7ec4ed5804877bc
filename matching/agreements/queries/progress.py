"""Accepted pairs on their way to delivery, and supervision orders."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permits import Act, Scope
from matching.agreements.amounts import Step
from matching.agreements.models import Agreement, Milestone, MilestoneState, Outcome, Side, SupervisionOrder
from matching.agreements.permits import PROGRESS
from matching.agreements.queries.agreements import whole
from matching.agreements.states import AgreementState
from matching.review.models import Review
from matching.review.states import ReviewState

STEPS = tuple(Step)


def followed(user: User) -> QuerySet[Review]:
    """Pairs that the person follows up: accepted ones, and those that were broken off with an agreement."""
    begun = Q(state=ReviewState.ACCEPTED) | Q(pk__in=Agreement.objects.values("review_id"))
    reach = PROGRESS.within(
        user,
        Act.VIEW,
        chain="demand__chain_id",
        firm=("demand__organisation_id", "supply__organisation_id"),
        also={Scope.FIRM: begun},
    )
    return Review.objects.visible_to(user).filter(reach & begun)


def progress(user: User) -> QuerySet[Review]:
    """Followed pairs with firms, milestones and agreements; the soonest due first, constant queries."""
    awaited = Milestone.objects.filter(review=OuterRef("pk"), state=MilestoneState.AWAITED)
    agreements = Agreement.objects.order_by("signed_on", "created_at", "pk")
    return (
        followed(user)
        .select_related("demand__organisation", "demand__chain", "supply__organisation", "match")
        .prefetch_related("milestones", Prefetch("agreements", agreements))
        .annotate(due_on=awaited.values("due_on")[:1], awaited=awaited.values("step")[:1])
        .order_by(F("due_on").asc(nulls_last=True), "-accepted_at", "pk")
    )


def shelved(rows: QuerySet[Review], shelf: str, user: User, today: date | None = None) -> QuerySet[Review]:
    """Of followed pairs those on a shelf: ``overdue``, ``confirm``, ``delivered``, ``ended``; else all."""
    if shelf == "overdue":
        late = Milestone.objects.filter(
            state=MilestoneState.AWAITED, due_on__lt=today or timezone.localdate()
        )
        return rows.filter(state=ReviewState.ACCEPTED, pk__in=late.values("review"))
    if shelf == "confirm":
        return rows.filter(Exists(to_confirm(user).filter(review=OuterRef("pk"))))
    if shelf == "delivered":
        done = Milestone.objects.filter(step="delivery", state=MilestoneState.DONE, review=OuterRef("pk"))
        return rows.filter(Exists(done))
    return rows.exclude(state=ReviewState.ACCEPTED) if shelf == "ended" else rows


def to_confirm(user: User) -> QuerySet[Agreement]:
    """Statements that wait for the person's own side."""
    firms = [firm.pk for firm in user.firms()]
    waiting = Agreement.objects.filter(state__in=[AgreementState.STATED, AgreementState.CORRECTED])
    mine = Q(review__demand__organisation_id__in=firms) & ~Q(stated_as=Side.DEMAND)
    mine |= Q(review__supply__organisation_id__in=firms) & ~Q(stated_as=Side.SUPPLY)
    return waiting.filter(mine) if firms else waiting


def agreements_of(user: User, review: Review) -> list[Agreement]:
    """A pair's agreements with versions, steps and files, the newest first."""
    rows = Agreement.objects.visible_to(user).filter(review=review)
    found = list(whole(rows).order_by("-signed_on", "-created_at", "pk"))
    for one in found:
        one.review = review
    return found


def outcomes_of(user: User, review: Review) -> list[Outcome]:
    """What came of a pair's appointments, the newest first."""
    rows = Outcome.objects.visible_to(user).filter(appointment__review=review)
    return list(rows.select_related("appointment__meeting").order_by("-created_at", "pk"))


def orders(user: User) -> QuerySet[SupervisionOrder]:
    """Visible supervision orders: open ones first, the soonest due first."""
    visible = SupervisionOrder.objects.visible_to(user).select_related(
        "chain",
        "milestone__review__demand__organisation",
        "milestone__review__supply__organisation",
        "answered_by",
    )
    return visible.order_by("closed_at", "due_on", "pk")
