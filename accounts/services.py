"""Verbs on people and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import GradeHolding, Membership, Organisation, User
from accounts.roles import EVERYWHERE, OrganisationKind, Role


@transaction.atomic
def register_organisation(
    *,
    kind: OrganisationKind,
    name: str,
    region: str,
    uscc: str | None = None,
    short_name: str = "",
    address: str = "",
    grades: Sequence[tuple[str, date | None]] = (),
    is_demo: bool = False,
) -> Organisation:
    """Store a new firm or office with its grades.

    Raises ``django.core.exceptions.ValidationError`` for a wrong credit code or region code.
    """
    organisation = Organisation(
        kind=kind,
        name=name,
        region=region,
        uscc=uscc,
        short_name=short_name,
        address=address,
        is_demo=is_demo,
    )
    organisation.full_clean()
    organisation.save()
    GradeHolding.objects.bulk_create(
        GradeHolding(organisation=organisation, grade=grade, expires=expires) for grade, expires in grades
    )
    return organisation


@transaction.atomic
def open_account(
    *,
    username: str,
    password: str | None,
    name: str,
    organisation: Organisation,
    role: Role,
    chains: Sequence[str] = (EVERYWHERE,),
    regions: Sequence[str] = (EVERYWHERE,),
    email: str = "",
    is_demo: bool = False,
) -> User:
    """Create a person with one role; the password is stored as an Argon2 hash.

    Without a password nobody can sign in until one is set by e-mail.
    """
    user = User(username=username, name=name, email=email, is_demo=is_demo)
    user.set_password(password)
    user.save()
    Membership.objects.create(
        user=user, organisation=organisation, role=role, chains=list(chains), regions=list(regions)
    )
    return user


def choose_language(*, user: User, language: str) -> None:
    """Remember the person's language."""
    user.language = language
    user.save(update_fields=["language"])
