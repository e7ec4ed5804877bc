"""Verbs on the rules by which meetings are proposed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.chains.queries import are_cities
from matching.errors import Forbidden, Invalid
from matching.meetings import access
from matching.meetings.interpreters import are_interpreters
from matching.meetings.models import Cadence, MeetingRule, Venue
from matching.meetings.travel import are_travel_times, cities_of


def period_of(day: date, cadence: str) -> date:
    """First day of the quarter, else of the month, that ``day`` lies in."""
    month = day.month - (day.month - 1) % 3 if cadence == Cadence.QUARTER else day.month
    return date(day.year, month, 1)


@transaction.atomic
def save_rule(
    *, actor: User, rule: MeetingRule, other_venues: Collection[Venue] | None = None
) -> MeetingRule:
    """Set a chain's rule; it counts from the next proposal on. None leaves the other venues as they are.

    Raises ``Forbidden`` or ``Invalid``.
    """
    if not access.keeps_rule(actor, rule.chain_id):
        raise Forbidden(_("Only the chain's office or department sets its rule."), code="not_your_chain")
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    if not are_interpreters(rule.interpreters):
        raise Invalid({"interpreters": [_("Write languages with numbers, like English 2, Japanese 1.")]})
    if not are_travel_times(rule.travel_times) or not are_cities(cities_of(rule.travel_times)):
        raise Invalid({"travel_times": [_("Write two cities with minutes, like 太原市-大同市 180.")]})
    rule.save()
    if other_venues is not None:
        rule.other_venues.set([venue for venue in other_venues if venue.pk != rule.venue_id])
    return rule
