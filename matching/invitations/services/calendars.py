"""Secret addresses at which calendar programs read a person's appointments."""

from __future__ import annotations

from django.db import transaction

from accounts.credentials import secrets
from accounts.models import User
from matching.invitations.models import CalendarAddress


@transaction.atomic
def make_address(*, actor: User) -> tuple[CalendarAddress, str]:
    """A new secret for the person's calendar, shown this once; the one before ends.

    Side effects: one row in place of the person's earlier one.
    """
    User.objects.select_for_update().get(pk=actor.pk)
    CalendarAddress.objects.filter(user=actor).delete()
    secret = secrets.make(secrets.Kind.CALENDAR)
    address = CalendarAddress.objects.create(
        user=actor, digest=secrets.digest(secret), shown=secret[: secrets.SHOWN]
    )
    return address, secret


@transaction.atomic
def revoke_address(*, actor: User) -> bool:
    """End the person's calendar address; tells whether there was one."""
    return bool(CalendarAddress.objects.filter(user=actor).delete()[0])
