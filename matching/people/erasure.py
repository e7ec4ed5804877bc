"""What of a person goes with its account: the roles that were asked for it keep no name."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from matching.people.models import RoleRequest
from matching.people.states import OPEN, RoleState


def erase(person: User) -> None:
    """Requests for the person lose name and e-mail; open ones are withdrawn."""
    theirs = Q(account=person)
    if person.email:
        theirs |= Q(email__iexact=person.email)
    asked = RoleRequest.objects.filter(theirs)
    asked.filter(state__in=OPEN).update(state=RoleState.WITHDRAWN)
    asked.update(name="", email="")
