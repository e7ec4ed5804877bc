"""Asking for a role for a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from accounts.roles import ADMINISTRATORS, EVERYWHERE, OFFICES, ROLE_OF_FIRM, OrganisationKind, Role
from accounts.security.attempts import account_of
from accounts.validators import validate_region_code
from matching.chains.models import Chain
from matching.errors import Conflict, Forbidden, Invalid
from matching.notices.services import tell
from matching.people import access
from matching.people.models import RoleRequest
from matching.people.services.steps import check_roles, invite
from matching.people.states import OPEN, RoleState

LONGEST_ADDRESS = 150
"""Characters of an e-mail address; it is the user name of the account as well."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role for a person; ``chains`` are codes, ``regions`` GB/T 2260 codes (2 to 6 digits), ``*`` all."""

    role: str
    name: str
    email: str
    chains: Sequence[str] = (EVERYWHERE,)
    regions: Sequence[str] = (EVERYWHERE,)


def roles_in(organisation: Organisation) -> list[Role]:
    """Roles that people can have in an organisation of that kind."""
    if organisation.kind == OrganisationKind.OFFICE:
        return [role for role in Role if role in OFFICES | ADMINISTRATORS]
    return [ROLE_OF_FIRM[organisation.kind]]


@transaction.atomic
def ask(*, actor: User, organisation_id: uuid.UUID, wanted: Wanted) -> RoleRequest:
    """Ask for a role for a person, who may have no account yet.

    What the system administrator asks for waits for the security administrator; what a firm's person asks
    for a colleague is an invitation at once. Side effects: one row; notices to the security administrators,
    or an e-mail with a link. Raises ``Forbidden``, ``Invalid``, and ``Conflict`` where the same is open or in
    force already.
    """
    if not access.may_ask(actor, organisation_id):
        raise Forbidden(_("You do not act for this organisation."), code="not_your_organisation")
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    email = wanted.email.strip().lower()
    _check(organisation, wanted)
    waits = access.asks_for_all(actor)
    known = account_of(email)
    check_roles(known if waits else None, email, wanted.role)
    _refuse_twice(organisation, wanted, known, email)
    request = RoleRequest.objects.create(
        organisation=organisation,
        role=wanted.role,
        chains=list(wanted.chains),
        regions=list(wanted.regions),
        name=wanted.name.strip(),
        email=email,
        account=known if waits else None,
        state=RoleState.WAITING if waits else RoleState.INVITED,
        invited_at=None if waits else timezone.now(),
        asked_by=actor,
    )
    if waits:
        _tell_deciders(request)
    else:
        invite(request)
    return request


def _check(organisation: Organisation, wanted: Wanted) -> None:
    problems: dict[str, list[str]] = {}
    if wanted.role not in roles_in(organisation):
        problems["role"] = [_("An organisation of this kind has no such role.")]
    codes = set(wanted.chains) - {EVERYWHERE}
    if not wanted.chains or codes - set(Chain.objects.values_list("pk", flat=True)):
        problems["chains"] = [_("Name chains that exist, or * for all.")]
    if not wanted.regions or not all(map(_is_region, wanted.regions)):
        problems["regions"] = [_("Name codes of provinces, cities or counties, or * for all.")]
    if not wanted.name.strip():
        problems["name"] = [_("Write the person's name.")]
    if len(wanted.email) > LONGEST_ADDRESS:
        problems["email"] = [_("The address is too long.")]
    if problems:
        raise Invalid(problems)


def _is_region(code: str) -> bool:
    try:
        validate_region_code(code)
    except ValidationError:
        return code == EVERYWHERE
    return True


def _refuse_twice(organisation: Organisation, wanted: Wanted, known: User | None, email: str) -> None:
    open_ones = RoleRequest.objects.filter(organisation=organisation, role=wanted.role, state__in=OPEN)
    if open_ones.filter(email__iexact=email).exists():
        raise Conflict(_("This role was asked for already, for the same person."), code="asked_already")
    # In one's own firm; of others it tells nobody who has an account.
    held = Membership.objects.filter(
        user=known, organisation=organisation, role=wanted.role, is_active=True
    ).first()
    if held is not None and (held.chains, held.regions) == (list(wanted.chains), list(wanted.regions)):
        raise Conflict(_("The person has this role already."), code="held_already")


def _tell_deciders(request: RoleRequest) -> None:
    deciders = User.objects.filter(
        is_active=True, memberships__is_active=True, memberships__role=Role.SECURITY_ADMIN
    ).distinct()
    tell(
        users=deciders,
        key=f"role-asked-{request.pk}",
        zh=f"有一项授权申请等待您审批：{request.organisation.name}。",
        en=f"A role at {request.organisation.name} waits for your approval.",
        link="/people/requests/",
    )
