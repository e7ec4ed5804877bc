"""Roles that were asked for on behalf of people, from the request to the person's acceptance."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act
from accounts.roles import Role
from matching.people.permits import ROLE_REQUEST
from matching.people.states import OPEN, RoleState
from matching.record import Record


class RoleRequestQuerySet(models.QuerySet["RoleRequest"]):
    """Requests that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> RoleRequestQuerySet:
        """Administrators all, people of a firm their firm's; programs none."""
        if not user.is_authenticated:
            return self.none()
        seen = self.filter(ROLE_REQUEST.within(user, Act.VIEW, firm=("organisation",)))
        return seen.exclude(organisation__in=user.program_of)


class RoleRequest(Record):
    """A role for a person, by name and e-mail address; ``account`` once it is known whose.

    A firm's invitation names no account before it is accepted, even where there is one: a firm does not learn
    who has an account here.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    chains = ArrayField(models.CharField(max_length=40), verbose_name=_("chains"))
    regions = ArrayField(models.CharField(max_length=6), verbose_name=_("regions"))
    name = models.CharField(_("full name"), max_length=60)
    email = models.EmailField(_("e-mail"))
    account = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=RoleState.choices, default=RoleState.WAITING)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    invited_at = models.DateTimeField(_("invited at"), null=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = RoleRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("role asked for a person")
        verbose_name_plural = _("roles asked for people")
        ordering = ("-created_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organisation",
                "role",
                Lower("email"),
                condition=models.Q(state__in=OPEN),
                name="matching_one_open_role_request",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at"], name="matching_role_request_state")
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_role_display()}"
