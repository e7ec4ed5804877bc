"""What of a person goes with its account: its place among those who come, its calendar's address."""

from __future__ import annotations

from accounts.models import User
from matching.invitations.models import CalendarAddress, Delegate


def erase(person: User) -> None:
    """Rows of the person's firms that name it, by name or by phone, are deleted; calendars end.

    The columns are encrypted, so they are compared here; a firm sends few people.
    """
    firms = [held.organisation_id for held in person.memberships.all()]
    named = [
        delegate.pk
        for delegate in Delegate.objects.filter(invitation__organisation__in=firms)
        if (person.name and delegate.name == person.name) or (person.phone and delegate.phone == person.phone)
    ]
    Delegate.objects.filter(pk__in=named).delete()
    CalendarAddress.objects.filter(user=person).delete()
