"""People, organisations and what a person may do in them.

Chains and regions are named here by their codes, because ``accounts`` knows nothing of ``matching``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.audit.models import AuditCut, AuditEntry, AuditProgress, AuditReading, AuditSeal
from accounts.credentials.models import Application, ApplicationSecret, PersonalToken
from accounts.permits import Act
from accounts.permits.rows import MEMBERSHIP, ORGANISATION
from accounts.roles import EVERYWHERE, FIRMS, GRANTING, OFFICES, ROLE_OF_FIRM, Grade, OrganisationKind, Role
from accounts.sealing.models import DataKey
from accounts.security.models import Session, SignInFailures, UsedPassword
from accounts.validators import normalise_uscc, validate_region_code, validate_uscc

__all__ = [
    "Application",
    "ApplicationSecret",
    "AuditCut",
    "AuditEntry",
    "AuditProgress",
    "AuditReading",
    "AuditSeal",
    "DataKey",
    "GradeHolding",
    "Membership",
    "Organisation",
    "PersonalToken",
    "Session",
    "SignInFailures",
    "UsedPassword",
    "User",
]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Own organisations; offices see those of their cities. Anonymous: none."""
        return self.filter(ORGANISATION.within(user, Act.VIEW, firm=("pk",), region="region"))


class Organisation(models.Model):
    """A firm or an office (企业 / 单位)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True, default="")
    uscc = models.CharField(
        _("credit code"), max_length=18, unique=True, null=True, blank=True, validators=[validate_uscc]
    )
    region = models.CharField(_("region"), max_length=6, validators=[validate_region_code])
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    is_demo = models.BooleanField(_("sample data"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=OrganisationKind.OFFICE) | models.Q(uscc__isnull=False),
                name="accounts_firm_has_uscc",
            )
        ]
        indexes = [
            models.Index(fields=["region"], name="accounts_org_region", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Bring the credit code into its canonical form."""
        if self.uscc is not None:
            self.uscc = normalise_uscc(self.uscc) or None

    def valid_grades(self, on: date) -> list[str]:
        """Grades that have not expired on that day, sorted."""
        return sorted(held.grade for held in self.grades.all() if held.expires is None or held.expires >= on)


class GradeQuerySet(models.QuerySet["GradeHolding"]):
    """Grades that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> GradeQuerySet:
        """Those of visible organisations."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class GradeHolding(models.Model):
    """A grade that a firm holds, with its expiry (等级认定)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="grades")
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)
    number = models.CharField(_("number"), max_length=60, blank=True, default="")
    expires = models.DateField(_("expires"), null=True, blank=True)

    objects = GradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "grade"], name="accounts_one_holding_a_grade")
        ]

    def __str__(self) -> str:
        return self.get_grade_display()


def _public_id() -> models.UUIDField[Any, Any]:
    """What clients know a row by; from its number a firm could tell how many others there are."""
    return models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)


class User(AbstractUser):
    """A person, or an API client, that signs in."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    public_id = _public_id()
    name = models.CharField(_("full name"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    is_demo = models.BooleanField(_("demo account"), default=False)
    in_use_since = models.DateTimeField(_("switched on"), default=timezone.now)
    idle_told_at = models.DateTimeField(_("told that it is idle"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name as Chinese offices write it: one field."""
        return str(self)

    def get_short_name(self) -> str:
        """As ``get_full_name``."""
        return str(self)

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """Current memberships with their organisations; one query a request."""
        if not self.is_active:
            return []
        return list(self.memberships.filter(is_active=True).select_related("organisation"))

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: it ends when the password or any role changes, by whatever way."""
        return self._bound_to_roles(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """As ``get_session_auth_hash`` under earlier secret keys."""
        for earlier in super().get_session_auth_fallback_hash():
            yield self._bound_to_roles(earlier)

    def _bound_to_roles(self, bound: str) -> str:
        held = sorted(
            (str(one.organisation_id), one.role, *one.chains, "|", *one.regions)
            for one in self.active_memberships
        )
        return salted_hmac("accounts.roles", f"{bound}{self.is_staff}{self.is_superuser}{held}").hexdigest()

    @cached_property
    def granting_memberships(self) -> list[Membership]:
        """Memberships whose rights the person may give to an application of that organisation."""
        return [membership for membership in self.active_memberships if membership.role in GRANTING]

    @cached_property
    def program_of(self) -> frozenset[uuid.UUID]:
        """Organisations in which the account acts as a program only, and manages nobody."""
        acting = {held.organisation_id for held in self.holding(Role.INTEGRATOR)}
        return frozenset(acting - {held.organisation_id for held in self.granting_memberships})

    def holding(self, *roles: Role) -> list[Membership]:
        """Memberships in one of ``roles``."""
        return [membership for membership in self.active_memberships if membership.role in roles]

    @cached_property
    def is_office(self) -> bool:
        """Whether the person works for a public office."""
        return bool(self.holding(*OFFICES))

    def firms(self, kind: OrganisationKind | None = None) -> list[Organisation]:
        """Firms that the person acts for, of one kind where it is given."""
        found = {
            membership.organisation_id: membership.organisation
            for membership in self.holding(*FIRMS)
            if kind is None or membership.organisation.kind == kind
        }
        return list(found.values())

    def acts_for(self, organisation_id: uuid.UUID) -> bool:
        """Whether the person may act for that firm."""
        return any(firm.pk == organisation_id for firm in self.firms())


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        """One's own; people of a firm their firm's, administrators all."""
        if not user.is_authenticated:
            return self.none()
        seen = self.filter(MEMBERSHIP.within(user, Act.VIEW, person="user", firm=("organisation",)))
        return seen.exclude(~models.Q(user=user), organisation__in=user.program_of)


def _everywhere() -> list[str]:
    return [EVERYWHERE]


class Membership(models.Model):
    """A person's role in an organisation and how far it reaches.

    ``chains`` holds chain codes, ``regions`` GB/T 2260 prefixes; ``*`` means all. What a role limited to
    regions may see is told by the scopes of ``accounts.permits``.
    """

    public_id = _public_id()
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    chains = ArrayField(models.CharField(max_length=40), verbose_name=_("chains"), default=_everywhere)
    regions = ArrayField(models.CharField(max_length=6), verbose_name=_("regions"), default=_everywhere)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="accounts_one_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"

    @property
    def acts_as(self) -> str:
        """The role whose rows of the access table apply: whoever acts for a firm acts as what the firm is."""
        return ROLE_OF_FIRM.get(self.organisation.kind, self.role) if self.role in FIRMS else self.role

    def reaches_chain(self, code: str) -> bool:
        """Whether the role covers the chain with that code."""
        return EVERYWHERE in self.chains or code in self.chains

    def reaches_region(self, code: str) -> bool:
        """Whether the role covers the region with that GB/T 2260 code."""
        return EVERYWHERE in self.regions or any(code.startswith(prefix) for prefix in self.regions)
