"""Verbs of a firm on when it can come to meetings, and who comes for it."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from matching.errors import Conflict, Forbidden, Invalid
from matching.meetings import access
from matching.meetings.models import Absence, Presence

MOST_ABSENCES = 200


@transaction.atomic
def add_absence(
    *, actor: User, organisation: Organisation, during: DateTimeTZRange, person: User | None = None
) -> Absence:
    """The firm, or one of its people, can't come then; plans made from now on heed it.

    Raises ``Forbidden``, ``Invalid`` for a time that is over or has no length or a stranger, ``Conflict``
    where the firm has 200 of them to come.
    """
    _refuse_strangers(actor, organisation.pk)
    if during.lower >= during.upper or during.upper <= timezone.now():
        raise Invalid({"ends": [_("The end has to come after the begin, and after now.")]})
    if person is not None and not _belongs(person, organisation):
        raise Invalid({"person": [_("This person does not belong to the firm.")]})
    own = Absence.objects.filter(organisation=organisation, during__endswith__gt=timezone.now())
    if own.count() >= MOST_ABSENCES:
        raise Conflict(_("There are too many absences; remove some first."), code="too_many_absences")
    return Absence.objects.create(organisation=organisation, during=during, person=person)


@transaction.atomic
def remove_absence(*, actor: User, absence_id: uuid.UUID) -> None:
    """The firm can come after all. Raises ``Forbidden``."""
    absence = Absence.objects.select_for_update().get(pk=absence_id)
    _refuse_strangers(actor, absence.organisation_id)
    absence.delete()


@transaction.atomic
def save_presence(*, actor: User, presence: Presence) -> Presence:
    """Who comes for the firm and what they speak; plans made from now on heed it.

    Raises ``Forbidden`` or ``Invalid``.
    """
    _refuse_strangers(actor, presence.organisation_id)
    if presence.person is not None and not _belongs(presence.person, presence.organisation):
        raise Invalid({"person": [_("This person does not belong to the firm.")]})
    try:
        presence.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    presence.save()
    return presence


def _refuse_strangers(actor: User, firm: uuid.UUID) -> None:
    if not access.keeps_availability(actor, firm):
        raise Forbidden(_("Only the firm's own people say when it comes."), code="not_your_firm")


def _belongs(person: User, organisation: Organisation) -> bool:
    return person.memberships.filter(organisation=organisation, is_active=True).exists()
