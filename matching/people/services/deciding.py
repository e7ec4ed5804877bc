"""What becomes of a role that was asked for."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.security.profiles import current
from matching.errors import Forbidden, Invalid
from matching.notices.services import tell
from matching.people.models import RoleRequest
from matching.people.services.steps import check_roles, invite, locked, put_in_force, step
from matching.people.states import RoleAction


@transaction.atomic
def approve(*, actor: User, request_id: uuid.UUID) -> RoleRequest:
    """The security administrator grants: who has an account has the role now, who has none is invited.

    Side effects: the row, the role or an e-mail with a link. Raises ``Forbidden`` for one's own request where
    administrators are kept apart, ``Invalid`` where the person holds another role that excludes it.
    """
    request = locked(actor, request_id, RoleAction.APPROVE)
    if request.asked_by_id == actor.pk and current().administrators_apart:
        raise Forbidden(_("Somebody else approves what you have asked for."), code="own_request")
    check_roles(request.account, request.email, request.role, but=request.pk)
    step(request, RoleAction.APPROVE)
    request.decided_by = actor
    request.save()
    if request.account is not None:
        put_in_force(request, request.account)
    else:
        invite(request)
    _tell_asker(request, "已批准", "approved")
    return request


@transaction.atomic
def refuse(*, actor: User, request_id: uuid.UUID, reason: str) -> RoleRequest:
    """The security administrator refuses, and says why."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    request = locked(actor, request_id, RoleAction.REFUSE)
    step(request, RoleAction.REFUSE)
    request.decided_by, request.reason = actor, reason.strip()[:500]
    request.save()
    _tell_asker(request, "未批准", "refused")
    return request


def _tell_asker(request: RoleRequest, zh: str, en: str) -> None:
    tell(
        users=[request.asked_by],
        key=f"role-{en}-{request.pk}",
        zh=f"您提交的授权申请{zh}：{request.organisation.name}。",
        en=f"The role that you asked for at {request.organisation.name} was {en}.",
        link="/people/requests/",
    )


@transaction.atomic
def withdraw(*, actor: User, request_id: uuid.UUID) -> RoleRequest:
    """Nobody gets the role; a link that was sent opens nothing any more."""
    request = locked(actor, request_id, RoleAction.WITHDRAW)
    step(request, RoleAction.WITHDRAW)
    request.save()
    return request


@transaction.atomic
def resend(*, actor: User, request_id: uuid.UUID) -> RoleRequest:
    """Send a new link; the one before opens nothing any more. Side effects: an e-mail."""
    request = locked(actor, request_id, RoleAction.RESEND)
    step(request, RoleAction.RESEND)
    request.save()
    invite(request)
    return request
