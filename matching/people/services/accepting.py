"""The invited person accepts: with the account that it has, or with a new one."""

from __future__ import annotations

import uuid

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.security.attempts import account_of
from accounts.services import open_account
from matching.errors import Conflict, Invalid
from matching.people.models import RoleRequest
from matching.people.services.steps import put_in_force
from matching.people.states import ROLE, RoleAction


@transaction.atomic
def accept(*, actor: User, request_id: uuid.UUID) -> RoleRequest:
    """Somebody with an account takes the role. Raises ``Conflict`` where the invitation is another's."""
    request = _locked(request_id)
    if account_of(request.email) != actor:
        raise Conflict(_("This invitation is for another account."), code="not_for_you")
    put_in_force(request, actor)
    return request


@transaction.atomic
def accept_anew(*, request_id: uuid.UUID, name: str, password: str) -> User:
    """Open the account of an invited person with the password that it chose.

    The address is confirmed, because the link came there. Side effects: account, role. Raises ``Invalid`` for
    a password that the profile refuses (administrators need a longer one), ``Conflict`` where the address has
    come to have an account.
    """
    request = _locked(request_id)
    if account_of(request.email) is not None or User.objects.filter(username__iexact=request.email).exists():
        raise Conflict(_("This address has an account: sign in to accept."), code="address_taken")
    ROLE.target(request.state, RoleAction.ACCEPT)
    user = open_account(
        username=request.email,
        password=None,
        name=name.strip() or request.name,
        organisation=request.organisation,
        role=Role(request.role),
        chains=request.chains,
        regions=request.regions,
        email=request.email,
    )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from error
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=request.email, verified=True, primary=True)
    put_in_force(request, user)
    return user


def _locked(request_id: uuid.UUID) -> RoleRequest:
    rows = RoleRequest.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=request_id)
