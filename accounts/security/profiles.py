"""How strict sign-in is: two profiles, of which an installation chooses one.

``asvs`` follows OWASP ASVS 5.0 level 2 (long passwords, none of the known ones, never changed by the
calendar), ``mlps`` GB/T 22239-2019 level 3 (等保 2.0 三级: complexity, rotation, idle exit, two factors, the
three administrators apart). They contradict each other on passwords, so none can hold both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from django.conf import settings

SecondFactor = Literal["nobody", "offices", "everybody"]
"""Who must have one; ``offices`` are public offices and administrators. Anybody may."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Every rule of signing in that a profile sets."""

    code: str
    least_length: int
    least_length_of_administrators: int
    character_classes: int
    """Of capitals, small letters, digits and signs, how many a password has at least; 0: no rule."""
    password_days: int | None
    """Days after which a password is changed; None: never by the calendar."""
    remembered_passwords: int
    """How many earlier passwords can't be chosen again."""
    idle_minutes: int
    longest_hours: int
    """A session ends so long after signing in, whatever is done in it."""
    failures_an_account: int
    failures_an_address: int
    lock_minutes: int
    """How long a lock lasts, and how long failures are remembered."""
    idle_days: int | None
    """Days without use after which an account is switched off; None: never."""
    second_factor: SecondFactor
    administrators_apart: bool
    """Nobody holds two of the three administrators' roles, and superusers can't sign in."""


ASVS = Profile(
    code="asvs",
    least_length=12,
    least_length_of_administrators=15,
    character_classes=0,
    password_days=None,
    remembered_passwords=0,
    idle_minutes=60,
    longest_hours=12,
    failures_an_account=10,
    failures_an_address=100,
    lock_minutes=15,
    idle_days=None,
    second_factor="nobody",
    administrators_apart=False,
)
MLPS = Profile(
    code="mlps",
    least_length=12,
    least_length_of_administrators=15,
    character_classes=3,
    password_days=90,
    remembered_passwords=5,
    idle_minutes=15,
    longest_hours=12,
    failures_an_account=5,
    failures_an_address=50,
    lock_minutes=30,
    idle_days=90,
    second_factor="offices",
    administrators_apart=True,
)
PROFILES = {profile.code: profile for profile in (ASVS, MLPS)}


def chosen(code: str, second_factor: SecondFactor | None, idle_days: int | None = None) -> Profile:
    """The profile of that code, with other rules on second factors and idle accounts where they are given.

    ``idle_days`` 0: never. Raises ``KeyError`` for an unknown code.
    """
    profile = PROFILES[code]
    if second_factor is not None:
        profile = replace(profile, second_factor=second_factor)
    return profile if idle_days is None else replace(profile, idle_days=idle_days or None)


def current() -> Profile:
    """The profile of this installation."""
    profile: Profile = settings.SECURITY_PROFILE
    return profile


def password_validators(profile: Profile) -> list[dict[str, Any]]:
    """``AUTH_PASSWORD_VALIDATORS`` of a profile."""
    ours, django = "accounts.security.passwords", "django.contrib.auth.password_validation"
    names = [
        f"{ours}.LengthValidator",
        f"{django}.CommonPasswordValidator",
        f"{django}.UserAttributeSimilarityValidator",
        f"{ours}.OwnWordsValidator",
        *([f"{ours}.ClassesValidator"] if profile.character_classes else []),
        f"{ours}.UsedBeforeValidator",
    ]
    similarity = {"user_attributes": ("username", "name", "email", "phone")}
    return [
        {"NAME": name, **({"OPTIONS": similarity} if name.endswith("SimilarityValidator") else {})}
        for name in names
    ]
