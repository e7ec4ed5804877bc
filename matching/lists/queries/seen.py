"""What of a line somebody who sees all of it is shown."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.lists import access


def saw_whole(user: User, line: Any) -> None:
    """Note that the person is shown the line with contacts, and secrets where the role shows them."""
    parts = []
    if line.contact_name or line.contact_phone:
        parts.append(Part.CONTACTS)
    secrets = (getattr(line, name) for name in access.SECRET_FIELDS[type(line)])
    if any(secrets) and access.sees_secrets(user, line):
        parts.append(Part.SECRETS)
    saw([line], *parts)
