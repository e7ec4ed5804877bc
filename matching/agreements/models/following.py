"""Milestones from intent to delivery, supervision orders for those that are late, the rules of a chain."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act
from matching.agreements.amounts import Step
from matching.agreements.models.agreements import Agreement
from matching.agreements.permits import ORDER, PROGRESS, RULE
from matching.agreements.states import OrderState
from matching.chains.models import Chain
from matching.record import Record
from matching.review.models import Review
from matching.visibility import ChainRows

_DAYS = [MinValueValidator(1), MaxValueValidator(730)]


class FollowUpRule(Record):
    """How many days a step has after the one before it, and when a late one is escalated."""

    chain = models.OneToOneField(
        Chain, models.CASCADE, related_name="follow_up_rule", verbose_name=_("chain")
    )
    intent_days = models.PositiveSmallIntegerField(_("days to an intent"), default=30, validators=_DAYS)
    sample_days = models.PositiveSmallIntegerField(_("days to a sample"), default=30, validators=_DAYS)
    quote_days = models.PositiveSmallIntegerField(_("days to a quote"), default=30, validators=_DAYS)
    contract_days = models.PositiveSmallIntegerField(_("days to a contract"), default=60, validators=_DAYS)
    delivery_days = models.PositiveSmallIntegerField(_("days to the delivery"), default=90, validators=_DAYS)
    remind_days = models.PositiveSmallIntegerField(
        _("firms are reminded this many days before"), default=3, validators=[MaxValueValidator(60)]
    )
    escalate_days = models.PositiveSmallIntegerField(
        _("escalated this many days after the due date"), default=7, validators=[MaxValueValidator(365)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days for the department's answer"), default=5, validators=_DAYS
    )

    permits = RULE
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("rule of following up")
        verbose_name_plural = _("rules of following up")
        ordering = ("chain_id",)

    def __str__(self) -> str:
        return str(self.chain)


class MilestoneState(models.TextChoices):
    """Of a milestone; it follows from agreements and deliveries and is never set by hand."""

    AWAITED = "awaited", _("Awaited")
    DONE = "done", _("Done")
    PASSED = "passed", _("Passed over")
    DROPPED = "dropped", _("Broken off")


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Milestones that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> MilestoneQuerySet:
        """Chain-wide offices those of their chains, firms those of their pairs."""
        return self.filter(
            PROGRESS.within(
                user,
                Act.VIEW,
                chain="review__demand__chain_id",
                firm=("review__demand__organisation_id", "review__supply__organisation_id"),
            )
        )


class Milestone(Record):
    """One step of a pair: until when, and when it was done. At most one of a pair is awaited."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="milestones", verbose_name=_("match"))
    step = models.CharField(_("step"), max_length=8, choices=Step.choices)
    state = models.CharField(
        _("state"), max_length=8, choices=MilestoneState.choices, default=MilestoneState.AWAITED
    )
    due_on = models.DateField(_("due on"), null=True)
    done_on = models.DateField(_("done on"), null=True)
    agreement = models.ForeignKey(
        Agreement, models.SET_NULL, null=True, related_name="+", verbose_name=_("agreement")
    )
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("review", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "step"], name="matching_milestone_once"),
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(state=MilestoneState.AWAITED),
                name="matching_one_milestone_awaited",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"],
                condition=models.Q(state=MilestoneState.AWAITED),
                name="matching_milestone_due",
            )
        ]

    def __str__(self) -> str:
        return self.get_step_display()


class SupervisionOrder(Record):
    """督办单: a milestone is late, and the chain's lead department says what is done about it.

    One for each due date that was missed; ``number`` counts within the chain.
    """

    chain = models.ForeignKey(
        Chain, models.PROTECT, related_name="supervision_orders", verbose_name=_("chain")
    )
    number = models.PositiveIntegerField(_("number"))
    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="orders", verbose_name=_("milestone")
    )
    missed = models.DateField(_("due date that was missed"))
    due_on = models.DateField(_("answer due"))
    state = models.CharField(_("state"), max_length=8, choices=OrderState.choices, default=OrderState.OPEN)
    answer = models.CharField(_("answer"), max_length=1000, blank=True, default="")
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    closed_at = models.DateTimeField(_("closed at"), null=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    permits = ORDER
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")
        ordering = ("-created_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "number"], name="matching_order_number_once"),
            models.UniqueConstraint(fields=["milestone", "missed"], name="matching_one_order_a_missed_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="matching_order_open")]

    def __str__(self) -> str:
        return f"{self.chain_id}-{self.number}"
