"""Page-shaped reads about accounts and the installation."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Application, Session, User
from accounts.security.duties import FACTORS
from accounts.security.profiles import current


def accounts_of(*, q: str = "", only_locked: bool = False) -> QuerySet[User]:
    """Accounts by name with ``factors``, ``open_sessions`` and ``locked_now``."""
    now = timezone.now()
    found = User.objects.annotate(
        factors=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)),
        open_sessions=Count("sessions", filter=Q(sessions__expires_at__gt=now), distinct=True),
        locked_now=Case(When(sign_in_failures__locked_until__gt=now, then="sign_in_failures__locked_until")),
    )
    if only_locked:
        found = found.filter(locked_now__gt=now)
    if q:
        words = Q(username__icontains=q) | Q(name__icontains=q)
        found = found.filter(words | Q(memberships__organisation__name__icontains=q))
    return found.prefetch_related("memberships__organisation").order_by("name", "pk").distinct()


def programs(person: str) -> Exists:
    """Whether the account that the column ``person`` names is an application's: nobody signs in as it."""
    return Exists(Application.objects.filter(user=OuterRef(person)))


def open_sessions(user: User) -> QuerySet[Session]:
    """A person's sessions that have not ended, the latest first."""
    return Session.objects.visible_to(user).order_by("-seen_at")


_BOUND = {"nobody": _lazy("nobody"), "offices": _lazy("people of offices"), "everybody": _lazy("everybody")}


def installation() -> list[tuple[str, str]]:
    """What the installation is set to, in words; no key, password or address of a server."""
    profile = current()
    days = profile.password_days
    return [
        (_("Security profile"), profile.code),
        (_("Least length of a password"), str(profile.least_length)),
        (_("Days that a password holds"), _("no limit") if days is None else str(days)),
        (_("Minutes until an idle session ends"), str(profile.idle_minutes)),
        (_("Hours until any session ends"), str(profile.longest_hours)),
        (_("Failures that lock an account"), str(profile.failures_an_account)),
        (_("Minutes of a lock"), str(profile.lock_minutes)),
        (
            _("Days without use after which an account is switched off"),
            _("no limit") if profile.idle_days is None else str(profile.idle_days),
        ),
        (_("Who must have a second factor"), str(_BOUND[profile.second_factor])),
        (_("The three administrators apart"), _("yes") if profile.administrators_apart else _("no")),
        (_("Proxies that are trusted"), str(settings.TRUSTED_PROXIES)),
        (_("Mode"), settings.MODE),
        (_("Address of the portal"), settings.SITE_URL),
    ]
