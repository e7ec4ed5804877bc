"""What the verbs on role requests share: the locked row, its step, the checks that are made again at each."""

from __future__ import annotations

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.security.separation import incompatible
from accounts.services import give_role
from matching.errors import Conflict, Forbidden, Invalid
from matching.notices.services import enqueue, tell
from matching.people import access
from matching.people.models import RoleRequest
from matching.people.states import OPEN, ROLE, RoleAction, RoleState


def locked(actor: User, request_id: uuid.UUID, action: RoleAction) -> RoleRequest:
    """The request, if the person may take that step with it.

    Raises ``RoleRequest.DoesNotExist`` where the person does not see it, ``Forbidden`` where it may not.
    """
    seen = RoleRequest.objects.visible_to(actor)
    rows = RoleRequest.objects.select_for_update(of=("self",)).select_related("organisation", "account")
    request = rows.get(pk__in=seen.values("pk"), pk=request_id)
    if not access.may_take(actor, action, request.organisation_id):
        raise Forbidden(_("Your role does not allow this."), code="permission_denied")
    return request


def step(request: RoleRequest, action: RoleAction) -> None:
    """Move the request on. Raises ``Conflict`` where the table has no such transition."""
    request.state = RoleState(ROLE.target(request.state, action))
    if request.state == RoleState.INVITED:
        request.invited_at = timezone.now()


def invite(request: RoleRequest) -> None:
    """Send the link, after the transaction; an earlier link of the request opens nothing any more."""
    assert request.invited_at is not None
    enqueue(task="people.mail_invitation", arguments=[request.pk, request.invited_at.isoformat()])


def check_roles(user: User | None, email: str, role: str, *, but: uuid.UUID | None = None) -> None:
    """Raises ``Invalid`` where the role goes with none that the person holds or is about to get."""
    held = [] if user is None else [one.role for one in user.active_memberships]
    open_ones = RoleRequest.objects.filter(email__iexact=email, state__in=OPEN)
    if but is not None:
        open_ones = open_ones.exclude(pk=but)
    if words := incompatible({*held, *open_ones.values_list("role", flat=True), role}):
        raise Invalid({"role": [words]}, code="incompatible_roles")


def put_in_force(request: RoleRequest, user: User) -> None:
    """The person gets the role. Raises ``Conflict`` for an account that is switched off."""
    if not user.is_active:
        raise Conflict(
            _("The account is switched off; the security administrator switches it on first."),
            code="account_off",
        )
    check_roles(user, request.email, request.role, but=request.pk)
    step(request, RoleAction.ACCEPT)
    request.account = user
    give_role(
        user=user,
        organisation=request.organisation,
        role=Role(request.role),
        chains=request.chains,
        regions=request.regions,
    )
    request.save()
    tell(
        users=[user],
        key=f"role-{request.pk}",
        zh=f"您已获得“{request.organisation.name}”的角色。",
        en=f"You have a role at “{request.organisation.name}” now.",
        link="/",
    )
