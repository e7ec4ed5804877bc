"""Verbs on venues."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.meetings import access
from matching.meetings.models import Table, Venue


@transaction.atomic
def save_venue(*, actor: User, venue: Venue, tables: Collection[int] | None = None) -> Venue:
    """Store a venue and the numbers of its tables; None leaves the tables as they are.

    Side effects: tables that are not named go, new ones come; meetings that are planned keep their tables.
    Raises ``Forbidden``, ``Invalid``, or ``Conflict`` where a table that is to go has appointments.
    """
    if not access.keeps_venues(actor):
        raise Forbidden(_("Only chain offices and departments keep venues."), code="not_office")
    try:
        venue.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    venue.save()
    if tables is None:
        return venue
    try:
        venue.tables.exclude(number__in=tables).delete()
    except ProtectedError as error:
        raise Conflict(_("Appointments stand at a table that would go."), code="table_in_use") from error
    held = set(venue.tables.values_list("number", flat=True))
    Table.objects.bulk_create([Table(venue=venue, number=number) for number in sorted({*tables} - held)])
    return venue
