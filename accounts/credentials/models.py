"""Tokens of people, and applications of organisations with their secrets."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from accounts.credentials.secrets import SHOWN
from accounts.permits import Act
from accounts.permits.rows import APPLICATION, TOKEN

if TYPE_CHECKING:
    from accounts.models import User

DIGEST_LENGTH = 128


def _scopes_field() -> ArrayField[Any, Any]:
    return ArrayField(models.CharField(max_length=20), verbose_name=_("scopes"))


class TokenQuerySet(models.QuerySet["PersonalToken"]):
    """Tokens that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> TokenQuerySet:
        """One's own."""
        return self.filter(TOKEN.within(user, Act.VIEW, person="user_id"))


class PersonalToken(models.Model):
    """A token that acts for its person within its scopes until it expires.

    Our own model and not django-rest-knox's: that one deletes expired tokens while it looks for another, so
    that an expired token can't be told from a wrong one, and knows neither scopes nor last use.
    ``expires_at`` is empty only for tokens of releases before scopes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=60)
    start = models.CharField(_("begins with"), max_length=SHOWN)
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    scopes = _scopes_field()
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal token")
        verbose_name_plural = _("personal tokens")
        ordering = ("-created_at", "pk")

    def __str__(self) -> str:
        return f"{self.start}… {self.name}"

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> ApplicationQuerySet:
        """Those of the organisations for which the person may make some; a program sees none."""
        if not user.is_authenticated:
            return self.none()
        own = [held.organisation_id for held in user.granting_memberships]
        return self.filter(
            APPLICATION.within(user, Act.VIEW, firm=("organisation_id",)), organisation__in=own
        )


class Application(AbstractApplication):  # type: ignore[misc]
    """A program of an organisation: it proves itself by a secret and acts as ``user``, its own account.

    Nobody can sign in as that account; what it may do is its membership, like anybody's. What the library
    keeps for other grants is no column here: there is one kind of application.
    """

    client_type = AbstractApplication.CLIENT_CONFIDENTIAL
    authorization_grant_type = AbstractApplication.GRANT_CLIENT_CREDENTIALS
    registration_source = AbstractApplication.RegistrationSource.MANUAL
    redirect_uris = post_logout_redirect_uris = allowed_origins = algorithm = ""
    skip_authorization = hash_client_secret = False
    cimd_expires_at = None

    name = models.CharField(_("name"), max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    scopes = _scopes_field()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def client_secret(self) -> list[str]:
        """Digests of the secrets in force, in place of the library's column, which holds one."""
        now = timezone.now()
        return [secret.digest for secret in self.secrets.all() if secret.in_force(now)]

    def is_usable(self, request: object) -> bool:
        """Whether its account still acts for its organisation; asked for each token and each request."""
        held = self.user.active_memberships
        return any(membership.organisation_id == self.organisation_id for membership in held)


class SecretQuerySet(models.QuerySet["ApplicationSecret"]):
    """Secrets that a person may see the beginnings of."""

    def visible_to(self, user: User | AnonymousUser) -> SecretQuerySet:
        """Those of visible applications."""
        return self.filter(application__in=Application.objects.visible_to(user))


class ApplicationSecret(models.Model):
    """A secret of an application; while one is replaced by the next, both are in force."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="secrets")
    start = models.CharField(_("begins with"), max_length=SHOWN)
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = SecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("secret of an application")
        verbose_name_plural = _("secrets of applications")
        ordering: ClassVar = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.start}…"

    def in_force(self, now: datetime) -> bool:
        """Whether it opens anything at that moment."""
        return self.expires_at is None or self.expires_at > now
