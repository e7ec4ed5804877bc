"""Verbs on credentials. A secret is returned by the verb that makes it and is nowhere to be had again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.context import current
from accounts.credentials import access, secrets
from accounts.credentials.models import Application, ApplicationSecret, PersonalToken
from accounts.models import Membership, User
from accounts.roles import OFFICES, Role
from accounts.scopes import OF_APPLICATIONS, Scope, in_order

TOKENS_A_PERSON = 20
APPLICATIONS_AN_ORGANISATION = 20
MOST_OVERLAP_DAYS = 30
USE_NOTED_EVERY = timedelta(minutes=1)
KEPT_AFTER_EXPIRY = timedelta(days=30)


class TooMany(ValidationError):
    """There are as many as there may be; delete one first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a credential made by a credential may have at most: its maker's scopes, for as long as its maker.

    Without them a token that leaked could make itself a wider or longer one, or an application that stays.
    """

    scopes: frozenset[str] = frozenset(Scope.values)
    until: datetime | None = None


UNBOUNDED = Bounds()


@transaction.atomic
def make_token(
    *, actor: User, name: str, scopes: Iterable[str], days: int | None = None, within: Bounds = UNBOUNDED
) -> tuple[PersonalToken, str]:
    """A token of the person's own and its secret.

    ``days``: until it expires, ``settings.TOKEN_DAYS`` where absent. Raises ``TooMany``, ``PermissionDenied``
    outside ``within``, ``ValidationError`` for unknown scopes and for more than ``settings.TOKEN_MOST_DAYS``.
    """
    wanted = _checked_scopes(scopes, Scope, within)
    # Locked, so that two requests at once don't pass the limit together.
    User.objects.select_for_update().get(pk=actor.pk)
    if PersonalToken.objects.filter(user=actor).count() >= TOKENS_A_PERSON:
        raise TooMany(_("You have %(most)s tokens; delete one first.") % {"most": TOKENS_A_PERSON})
    secret = secrets.make(secrets.Kind.PERSONAL)
    token = PersonalToken.objects.create(
        user=actor,
        name=name,
        start=secret[: secrets.SHOWN],
        digest=secrets.digest(secret),
        scopes=wanted,
        expires_at=_expiry(days, within),
    )
    return token, secret


def _expiry(days: int | None, within: Bounds) -> datetime:
    most = settings.TOKEN_MOST_DAYS
    wanted = min(settings.TOKEN_DAYS, most) if days is None else days
    if not 1 <= wanted <= most:
        raise ValidationError({"days": _("Write a number from 1 to %(highest)s.") % {"highest": most}})
    expiry = timezone.now() + timedelta(days=wanted)
    return expiry if within.until is None else min(expiry, within.until)


def _checked_scopes(scopes: Iterable[str], offered: Iterable[str], within: Bounds) -> list[str]:
    wanted = in_order(scopes)
    if not wanted or set(scopes) - set(offered):
        raise ValidationError({"scopes": _("Choose one or more of the scopes that are offered.")})
    if set(wanted) - within.scopes:
        raise PermissionDenied(_("A credential makes none that is good for more than itself."))
    return wanted


def revoke_token(*, actor: User, token_id: uuid.UUID) -> None:
    """Delete one of the person's own tokens; the next request with it is refused.

    Raises ``PersonalToken.DoesNotExist``.
    """
    PersonalToken.objects.visible_to(actor).get(pk=token_id).delete()


@transaction.atomic
def make_application(
    *,
    actor: User,
    membership: Membership,
    name: str,
    scopes: Iterable[str],
    within: Bounds = UNBOUNDED,
) -> tuple[Application, str]:
    """An application of the membership's organisation, and its first secret.

    Of a firm it acts as an integrator; of an office with the role and the reach of ``membership``.
    Side effects: an account of its own that nobody can sign in as. Raises ``PermissionDenied`` where the
    person does not hold the membership, ``TooMany``, and for scopes as ``make_token``.
    """
    if membership not in actor.granting_memberships:
        raise PermissionDenied(_("You do not manage the applications of this organisation."))
    wanted = _checked_scopes(scopes, OF_APPLICATIONS, within)
    others = Application.objects.filter(organisation=membership.organisation)
    type(membership.organisation).objects.select_for_update().get(pk=membership.organisation_id)
    if others.count() >= APPLICATIONS_AN_ORGANISATION:
        most = {"most": APPLICATIONS_AN_ORGANISATION}
        raise TooMany(_("The organisation has %(most)s applications; revoke one first.") % most)
    application = Application(
        organisation=membership.organisation, name=name, scopes=wanted, created_by=actor
    )
    application.user = _account(application, membership)
    application.save()
    return application, _new_secret(application, within)


def _account(application: Application, granted: Membership) -> User:
    user = User(username=f"application-{application.client_id[:24].lower()}", name=application.name)
    user.set_unusable_password()
    user.is_demo = granted.user.is_demo
    user.save()
    Membership.objects.create(
        user=user,
        organisation=granted.organisation,
        role=granted.role if granted.role in OFFICES else Role.INTEGRATOR,
        chains=granted.chains,
        regions=granted.regions,
    )
    return user


def _new_secret(application: Application, within: Bounds) -> str:
    secret = secrets.make(secrets.Kind.CLIENT)
    ApplicationSecret.objects.create(
        application=application,
        start=secret[: secrets.SHOWN],
        digest=secrets.digest(secret),
        expires_at=within.until,
    )
    return secret


@transaction.atomic
def rotate_secret(
    *, actor: User, client_id: str, overlap_days: int = 7, within: Bounds = UNBOUNDED
) -> tuple[Application, str]:
    """A new secret; the one before stays in force for ``overlap_days`` (0 to 30), an older one ends now.

    None ends later than it would have. Raises ``PermissionDenied``, ``Application.DoesNotExist``,
    ``ValidationError`` for the days.
    """
    if not 0 <= overlap_days <= MOST_OVERLAP_DAYS:
        told = _("Write a number from 0 to %(highest)s.") % {"highest": MOST_OVERLAP_DAYS}
        raise ValidationError({"overlap_days": told})
    application = _managed(actor, client_id)
    _checked_scopes(application.scopes, OF_APPLICATIONS, within)
    now = timezone.now()
    newest = application.secrets.first()
    application.secrets.exclude(pk=newest.pk if newest else None).delete()
    end = now + timedelta(days=overlap_days)
    application.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=end)).update(expires_at=end)
    return application, _new_secret(application, within)


@transaction.atomic
def revoke_application(*, actor: User, client_id: str) -> None:
    """End an application: its secrets and tokens are gone, its account is closed, what it wrote stays.

    Raises ``PermissionDenied``, ``Application.DoesNotExist``.
    """
    application = _managed(actor, client_id)
    User.objects.filter(pk=application.user.pk).update(is_active=False)
    application.delete()


def _managed(actor: User, client_id: str) -> Application:
    mine = Application.objects.visible_to(actor).select_for_update(of=("self",)).select_related("user")
    application = mine.get(client_id=client_id)
    if not access.may_manage(actor, application):
        raise PermissionDenied(_("This application reaches further than you do."))
    return application


@transaction.atomic
def note_use(credential: PersonalToken | Application) -> None:
    """Remember that it was used, to the minute.

    Nobody waits for it: where another request is writing the same just now, nothing is written.
    """
    now = timezone.now()
    if credential.last_used_at is not None and credential.last_used_at > now - USE_NOTED_EVERY:
        return
    model: type[Any] = type(credential)
    free = model._default_manager.filter(pk=credential.pk).select_for_update(skip_locked=True, of=("self",))
    model._default_manager.filter(pk__in=free.values("pk")).update(last_used_at=now)


def in_hand() -> str:
    """What the present request came with, such as ``token:<id>``; empty for sessions. Jobs keep it."""
    acting = current()
    return f"{acting.via}:{acting.credential}" if acting.via in ("token", "oauth") else ""


def stands(credential: str) -> bool:
    """Whether what a job was ordered with has not been revoked since; sessions and expiry don't matter."""
    kind, _colon, key = credential.partition(":")
    if kind == "token":
        return PersonalToken.objects.filter(pk=key).exists()
    if kind == "oauth":
        application = Application.objects.select_related("user").filter(client_id=key).first()
        return application is not None and application.is_usable(None)
    return True


def remove_expired(*, now: datetime) -> int:
    """Delete tokens that expired a while ago, secrets that ended; returns how many tokens.

    Until then a request with one is told that it expired, and its owner sees it in the list.
    """
    ApplicationSecret.objects.filter(expires_at__lt=now).delete()
    gone, _each = PersonalToken.objects.filter(expires_at__lt=now - KEPT_AFTER_EXPIRY).delete()
    return gone
