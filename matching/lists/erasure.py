"""Contacts of lines that name somebody who is no longer there."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from matching.lists.models import DemandLine, SupplyLine


def erase(person: User) -> None:
    """Lines of the person's firms that name it as their contact, by name or by phone, name nobody.

    The firm names another contact when it next edits the line; nothing else of the line changes, so it
    need not be verified again.
    """
    named = Q(pk__in=[])
    if person.name:
        named |= Q(contact_name=person.name)
    if person.phone:
        named |= Q(contact_phone=person.phone)
    firms = [held.organisation_id for held in person.memberships.all()]
    for model in (DemandLine, SupplyLine):
        model.objects.filter(named, organisation__in=firms).update(contact_name="", contact_phone="")
