"""What a person must do before anything else: a new password, a second factor."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import ADMINISTRATORS, OFFICES
from accounts.security.passwords import is_too_old
from accounts.security.profiles import current

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be done, on which page, and which pages beside it are needed for it."""

    code: str
    words: str
    route: str
    beside: tuple[str, ...] = ()


def pending(user: User) -> Duty | None:
    """What that person must do first."""
    if is_too_old(user):
        return Duty(
            "password_expired", _("Your password is too old: choose a new one."), "account_change_password"
        )
    if needs_second_factor(user) and not has_second_factor(user):
        words = _("Your role signs in with a second factor: set up an authenticator app or a passkey.")
        return Duty("second_factor_missing", words, "mfa_index", beside=("mfa_",))
    return None


def needs_second_factor(user: User) -> bool:
    """Whether the profile asks that person for a second factor."""
    asked = current().second_factor
    if asked == "offices":
        return user.is_superuser or user.is_staff or bool(user.holding(*OFFICES, *ADMINISTRATORS))
    return asked == "everybody"


def has_second_factor(user: User) -> bool:
    """Whether that person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())
