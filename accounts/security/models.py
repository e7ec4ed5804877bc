"""Sessions, failed attempts and used passwords."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.security.agents import in_words


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions that a person may see."""

    def visible_to(self, user: models.Model | AnonymousUser) -> SessionQuerySet:
        """One's own that have not ended."""
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(user_id=user.pk, expires_at__gt=timezone.now())


class Session(models.Model):
    """A browser's session. Its key is not stored, only the key's SHA-256; what it holds is encrypted."""

    digest = models.CharField(max_length=64, primary_key=True)
    data = models.TextField()
    expires_at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True, default="")

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return self.digest[:8]

    @property
    def device(self) -> str:
        """Browser and system, in words."""
        return in_words(self.agent)


class SignInFailures(models.Model):
    """How often signing in failed for one account or from one address, and until when that is locked."""

    key = models.CharField(max_length=80, primary_key=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sign_in_failures"
    )
    failures = models.PositiveIntegerField()
    since = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, db_index=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("failed attempts to sign in")
        verbose_name_plural = _("failed attempts to sign in")

    def __str__(self) -> str:
        return self.key


class UsedPassword(models.Model):
    """A password of a person, as its hash, and when it was set."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="used_passwords")
    encoded = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("used password")
        verbose_name_plural = _("used passwords")
        indexes = [models.Index(fields=["user", "-set_at"], name="accounts_used_password")]

    def __str__(self) -> str:
        return str(self.set_at)
