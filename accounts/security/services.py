"""Verbs on sessions, locks and second factors."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.security import attempts
from accounts.security.models import Session, SignInFailures
from accounts.security.profiles import current
from accounts.security.sessions import SessionStore

MAILED_AT_ONCE = 100


def end_session(*, user: User, digest: str) -> bool:
    """End one of the person's sessions, wherever it is open. Returns whether there was such a one."""
    return Session.objects.filter(user=user, digest=digest).delete()[0] > 0


def end_sessions(*, user: User, but: str = "") -> int:
    """End every session of a person, except the one with the digest ``but``. Returns how many."""
    return Session.objects.filter(user=user).exclude(digest=but).delete()[0]


@transaction.atomic
def reset_second_factor(*, user: User) -> int:
    """Take every second factor from a person who has lost them, and end the person's sessions.

    The person signs in by password next, and sets up a new one where the profile asks for it. Returns how
    many there were.
    """
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    end_sessions(user=user)
    return removed


@transaction.atomic
def switch_account(*, user: User, active: bool) -> None:
    """Let a person sign in, or no longer. Side effects: switched off, the person's sessions end at once."""
    user.is_active = active
    if active:
        user.in_use_since = timezone.now()
    user.save(update_fields=["is_active", "in_use_since"])
    if active:
        attempts.unlock(user)
    else:
        end_sessions(user=user)


def tell_locked() -> int:
    """Tell people by e-mail that their account is locked and how to go on; each lock once.

    Side effects: e-mails. Not sent while signing in: who watches how long an answer takes would learn that
    the account exists. Returns how many were told.
    """
    told = 0
    with transaction.atomic():
        found = SignInFailures.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            user__is_active=True, locked_until__gt=timezone.now(), told_at=None
        )
        for locked in found.select_related("user")[:MAILED_AT_ONCE]:
            if locked.user is not None and locked.user.email:
                _mail_locked(locked.user)
                told += 1
            locked.told_at = timezone.now()
            locked.save(update_fields=["told_at"])
    return told


def _mail_locked(user: User) -> None:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        words = (
            _("Hello %(name)s,") % {"name": user},
            _(
                "somebody entered a wrong password for your account so often that it is locked for "
                "%(minutes)d minutes."
            )
            % {"minutes": current().lock_minutes},
            _("If that was you: wait, or choose a new password here, which unlocks the account at once:"),
            settings.SITE_URL + reverse("account_reset_password"),
            _(
                "If it was not you: your password has not been found out. Signing in with a passkey goes on "
                "working. Tell your security administrator."
            ),
        )
        send_mail(
            _("[ChainMatch] Your account is locked for a while"),
            "\n\n".join(words),
            settings.DEFAULT_FROM_EMAIL,
            [user.email],
        )


def forget_ended() -> None:
    """Delete sessions that have ended, and counters of a day ago."""
    SessionStore.clear_expired()
    SignInFailures.objects.filter(since__lt=timezone.now() - timedelta(days=1)).delete()
