"""What offices and both parties decided about a pair of lines."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act, Scope
from matching.lists.models import DemandLine, SupplyLine
from matching.record import Record
from matching.review.permits import REVIEW
from matching.review.states import NAMED, ReviewState
from matching.runs.models import Match
from matching.visibility import ChainRows


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> ReviewQuerySet:
        """Chain-wide offices see all of their chains; a firm sees its own from shortlisting on."""
        asked = models.Q(state__in=[*NAMED, ReviewState.DECLINED])
        seen = REVIEW.within(
            user,
            Act.VIEW,
            chain="demand__chain_id",
            firm=("demand__organisation_id", "supply__organisation_id"),
            also={Scope.FIRM: asked},
        )
        return self.filter(seen)


class Review(Record):
    """The one decision about a demand line and a supply line; it outlives runs and re-uploads.

    ``match`` is the match it was last looked at in, ``quantity`` what was committed on acceptance
    (per month, in the supply line's unit).
    """

    demand = models.ForeignKey(
        DemandLine, models.PROTECT, related_name="reviews", verbose_name=_("demand line")
    )
    supply = models.ForeignKey(
        SupplyLine, models.PROTECT, related_name="reviews", verbose_name=_("supply line")
    )
    match = models.ForeignKey(Match, models.PROTECT, related_name="+", verbose_name=_("match"))
    state = models.CharField(
        _("state"), max_length=16, choices=ReviewState.choices, default=ReviewState.PENDING
    )
    quantity = models.DecimalField(_("committed a month"), max_digits=18, decimal_places=4, default=0)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("-updated_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["demand", "supply"], name="matching_one_review_a_pair")
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="matching_review_state")]

    def __str__(self) -> str:
        return f"{self.demand_id} × {self.supply_id}: {self.state}"


class DecisionQuerySet(ChainRows["Decision"]):
    """Decisions with their reasons are for the offices."""

    chain_path = "review__demand__chain_id"


class Decision(models.Model):
    """One step of a review: who, when, why."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    action = models.CharField(max_length=16)
    before = models.CharField(max_length=16, choices=ReviewState.choices)
    after = models.CharField(max_length=16, choices=ReviewState.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    permits = REVIEW
    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
