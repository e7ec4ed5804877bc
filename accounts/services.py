"""Verbs on people and organisations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import GradeHolding, Membership, Organisation, User
from accounts.roles import ADMINISTRATORS, EVERYWHERE, Grade, OrganisationKind, Role


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
    pk: uuid.UUID | None = None,
) -> Organisation:
    """Store a new firm or office with its grades; ``pk`` where something refers to it already.

    Raises ``django.core.exceptions.ValidationError`` for a wrong credit code or region code.
    """
    organisation = Organisation(
        pk=pk or uuid.uuid4(),
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
    give_role(user=user, organisation=organisation, role=role, chains=chains, regions=regions)
    return user


def give_role(
    *,
    user: User,
    organisation: Organisation,
    role: Role,
    chains: Sequence[str] = (EVERYWHERE,),
    regions: Sequence[str] = (EVERYWHERE,),
) -> Membership:
    """Let a person act in that role, as far as these chains and regions; one that ended begins anew.

    Side effects: the person's sessions end where the roles have changed.
    """
    reach = {"chains": list(chains), "regions": list(regions), "is_active": True}
    held, _is_new = Membership.objects.update_or_create(
        user=user, organisation=organisation, role=role, defaults=reach
    )
    return held


def change_organisation(*, organisation: Organisation, values: Mapping[str, Any]) -> Organisation:
    """Correct an organisation's entry. Raises ``ValidationError`` as ``register_organisation``."""
    for name, value in values.items():
        setattr(organisation, name, value)
    organisation.full_clean()
    organisation.save()
    return organisation


@dataclass(frozen=True, slots=True)
class HeldGrade:
    """A grade of a firm; without ``expires`` it holds until it is taken away."""

    grade: Grade
    number: str = ""
    expires: date | None = None


@transaction.atomic
def set_grades(*, organisation: Organisation, grades: Iterable[HeldGrade]) -> None:
    """Let a firm hold these grades and no others; of one that is named twice the last counts.

    Side effects: rows change only where something is different. Matching takes them from the next run on.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    known = {held.grade: held for held in organisation.grades.select_for_update()}
    wanted = {held.grade.value: held for held in grades}
    organisation.grades.filter(grade__in=known.keys() - wanted.keys()).delete()
    for code, held in wanted.items():
        row = known.get(code)
        if row is None:
            organisation.grades.create(grade=code, number=held.number, expires=held.expires)
        elif (row.number, row.expires) != (held.number, held.expires):
            row.number, row.expires = held.number, held.expires
            row.save()


def choose_language(*, user: User, language: str) -> None:
    """Remember the person's language."""
    user.language = language
    user.save(update_fields=["language"])


class AlreadyThere(Exception):
    """There are administrators; they open further accounts."""


@transaction.atomic
def open_administrators(*, addresses: Mapping[Role, str], office: str, region: str) -> dict[Role, User]:
    """The first administrators of an installation, in an office of their own; nobody knows a password.

    ``addresses``: an e-mail address a role. Asked again with the same addresses before anybody has chosen a
    password, it gives the same accounts. Raises ``AlreadyThere`` where one of these roles is held or an
    address has an account, ``ValidationError`` for addresses that are not all different.
    """
    if len(set(addresses.values())) < len(addresses):
        raise ValidationError(_("Three people, three addresses: nobody holds two of these roles."))
    held = list(Membership.objects.filter(role__in=ADMINISTRATORS, is_active=True).select_related("user"))
    waiting = {Role(one.role): one.user for one in held if not one.user.has_usable_password()}
    if len(held) == len(waiting) and {role: user.email for role, user in waiting.items()} == dict(addresses):
        return waiting
    if held:
        raise AlreadyThere(_("There are administrators already; they open further accounts in the portal."))
    known = Q(username__in=addresses.values()) | Q(email__in=addresses.values())
    if User.objects.filter(known).exists():
        raise AlreadyThere(_("One of these addresses has an account already."))
    organisation = register_organisation(kind=OrganisationKind.OFFICE, name=office, region=region)
    return {role: _administrator(organisation, role, address) for role, address in addresses.items()}


def _administrator(office: Organisation, role: Role, address: str) -> User:
    person = open_account(
        username=address, password=None, name=str(role.label), organisation=office, role=role, email=address
    )
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person
