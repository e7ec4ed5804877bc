"""What a password must be, beside Django's own checks."""

from __future__ import annotations

import re
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import ADMINISTRATORS
from accounts.security.models import UsedPassword
from accounts.security.profiles import current

MOST_CHARACTERS = 128
OWN_WORDS = ("chainmatch", "lianzhang", "gongying", "链长", "供需", "匹配")
"""Words that an attacker of this service tries first; a password needs more than them (ASVS 5.0 6.2.11)."""
CLASSES = (r"[A-Z]", r"[a-z]", r"\d", r"[^A-Za-z\d]")


class LengthValidator:
    """Long enough, longer for administrators, and no longer than is hashed in a moment."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ``ValidationError`` where it is too short or too long."""
        least = _least_length(user)
        if len(password) < least:
            raise ValidationError(
                ngettext(
                    "The password needs at least %(least)d character.",
                    "The password needs at least %(least)d characters.",
                    least,
                )
                % {"least": least},
                code="password_too_short",
            )
        if len(password) > MOST_CHARACTERS:
            raise ValidationError(
                _("The password may have at most %(most)d characters.") % {"most": MOST_CHARACTERS},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """What to choose."""
        return _(
            "At least %(least)d characters (administrators %(more)d); several words with spaces are fine."
        ) % {
            "least": current().least_length,
            "more": current().least_length_of_administrators,
        }


def _least_length(user: AbstractBaseUser | None) -> int:
    known = user if isinstance(user, User) and not user._state.adding else None
    if known is not None and (known.is_superuser or known.holding(*ADMINISTRATORS)):
        return current().least_length_of_administrators
    return current().least_length


class OwnWordsValidator:
    """Not one of the service's own words with something small beside it."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ``ValidationError`` where fewer than eight characters are left without these words."""
        rest = password.lower()
        for word in OWN_WORDS:
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < 8:
            raise ValidationError(
                _("This password is made of the name of this service; others would try it first."),
                code="password_own_words",
            )

    def get_help_text(self) -> str:
        """What not to choose."""
        return _("Not the name of this service or programme.")


class ClassesValidator:
    """Several kinds of characters (等保 2.0 三级 8.1.4.1)."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ``ValidationError`` where too few kinds of characters occur."""
        if sum(re.search(kind, password) is not None for kind in CLASSES) < current().character_classes:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """What to choose."""
        return _("At least %(count)d of: capital letters, small letters, digits, other characters.") % {
            "count": current().character_classes
        }


class UsedBeforeValidator:
    """Remembers when a password was set, and refuses those that were used lately."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ``ValidationError`` for one of the last passwords of that person."""
        if not isinstance(user, User) or user._state.adding or not current().remembered_passwords:
            return
        used = UsedPassword.objects.filter(user=user).order_by("-set_at", "-pk")
        if any(check_password(password, one.encoded) for one in used[: current().remembered_passwords]):
            raise ValidationError(
                _("You have used this password before; choose another."), code="password_used"
            )

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Django calls it when an account with a new password was saved. Side effects: the record."""
        if not isinstance(user, User):
            return
        UsedPassword.objects.create(user=user, encoded=user.password)
        kept = UsedPassword.objects.filter(user=user).order_by("-set_at", "-pk")
        least = max(current().remembered_passwords, 1)
        UsedPassword.objects.filter(user=user).exclude(
            pk__in=list(kept.values_list("pk", flat=True)[:least])
        ).delete()

    def get_help_text(self) -> str:
        """How long it holds."""
        days = current().password_days
        if days is None:
            return _("You need not change it from time to time; change it when somebody else may know it.")
        return _("It holds %(days)d days, and the last %(count)d passwords can't be used again.") % {
            "days": days,
            "count": current().remembered_passwords,
        }


def is_too_old(user: User) -> bool:
    """Whether the profile asks for a new password; one of unknown age is as old as the account."""
    days = current().password_days
    if days is None or not user.has_usable_password():
        return False
    newest = (
        UsedPassword.objects.filter(user=user).order_by("-set_at").values_list("set_at", flat=True).first()
    )
    return (newest or user.date_joined) < timezone.now() - timedelta(days=days)
