"""What is no longer needed of people who never came."""

from __future__ import annotations

from datetime import datetime

from matching.people.models import RoleRequest
from matching.people.states import RoleState


def forget_unfinished(*, before: datetime) -> int:
    """Requests that nobody has moved since then and that led to no account lose name and e-mail.

    An invitation is withdrawn with it. Returns how many.
    """
    left = RoleRequest.objects.filter(account=None, updated_at__lt=before).exclude(name="", email="")
    return left.update(name="", email="", state=RoleState.WITHDRAWN)
