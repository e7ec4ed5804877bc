"""Requests of firms to join the programme, and who did what with them."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, User
from accounts.permits import Act
from accounts.permits.reach import region_filter
from accounts.roles import EVERYWHERE, OrganisationKind, Role
from accounts.validators import validate_region_code, validate_uscc
from matching.joining.permits import JOIN_REQUEST
from matching.joining.states import JoinState
from matching.record import Record
from matching.visibility import RowsOfParent

PRIVACY_NOTICE = "2026-11"
"""Version of the privacy notice that the form shows."""


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    """Requests that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> JoinRequestQuerySet:
        """Task forces those of their cities; chain offices those of cities that have none.

        A request is shown only once its e-mail address is confirmed.
        """
        held = JOIN_REQUEST.memberships(user, Act.VIEW)
        seen = _reach([one for one in held if one.role == Role.CITY_TASK_FORCE])
        others = _reach([one for one in held if one.role != Role.CITY_TASK_FORCE])
        confirmed = self.exclude(state=JoinState.UNCONFIRMED)
        return confirmed.filter(seen | (others & ~_reach(_task_forces())))


def _task_forces() -> list[Membership]:
    return list(
        Membership.objects.filter(role=Role.CITY_TASK_FORCE, is_active=True, user__is_active=True).only(
            "chains", "regions"
        )
    )


def _reach(memberships: list[Membership]) -> models.Q:
    """Requests whose city and one of whose chains a membership reaches."""
    within = models.Q(pk__in=[])
    for membership in memberships:
        of_chain = models.Q(pk__isnull=False)
        if EVERYWHERE not in membership.chains:
            of_chain = models.Q(chains__overlap=membership.chains)
        within |= of_chain & region_filter("region", membership.regions)
    return within


class JoinRequest(Record):
    """A firm that asks to join (入驻申请). ``consented_to`` is the version of the privacy notice."""

    kind = models.CharField(
        _("kind of firm"),
        max_length=20,
        choices=[
            (OrganisationKind.LEADER_FIRM, OrganisationKind.LEADER_FIRM.label),
            (OrganisationKind.MEMBER_FIRM, OrganisationKind.MEMBER_FIRM.label),
        ],
    )
    name = models.CharField(_("name of the firm"), max_length=200)
    uscc = models.CharField(_("credit code"), max_length=18, validators=[validate_uscc])
    region = models.CharField(_("city or county"), max_length=6, validators=[validate_region_code])
    chains = ArrayField(models.CharField(max_length=40), verbose_name=_("chains"))
    contact_name = models.CharField(_("contact person"), max_length=60)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=20)
    language = models.CharField(max_length=10, default="zh-hans")
    consented_to = models.CharField(max_length=20, default=PRIVACY_NOTICE)
    state = models.CharField(
        _("state"), max_length=12, choices=JoinState.choices, default=JoinState.UNCONFIRMED
    )
    reason = models.CharField(_("reason of return"), max_length=500, blank=True, default="")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ("created_at", "pk")
        indexes: ClassVar = [models.Index(fields=["state"], name="matching_join_state")]

    def __str__(self) -> str:
        return self.name


class JoinStepQuerySet(RowsOfParent["JoinStep"]):
    """Seen with the request."""

    parents = ("request",)


class JoinStep(models.Model):
    """One step of a request: who, when, why; ``actor`` is empty where the firm itself acted."""

    request = models.ForeignKey(JoinRequest, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=12)
    before = models.CharField(max_length=12, choices=JoinState.choices)
    after = models.CharField(max_length=12, choices=JoinState.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JoinStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ("created_at", "pk")
        triggers: ClassVar = [
            pgtrigger.Protect(name="join_step_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
