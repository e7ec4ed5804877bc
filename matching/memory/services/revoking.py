"""Revoke what was confirmed."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Forbidden, Invalid
from matching.lists.models import SupplyLine
from matching.memory import access
from matching.memory.models import Confirmation
from matching.memory.states import CONFIRMATION, ConfirmationAction, ConfirmationState

REASON_LENGTH = 500
_reason_checks = (MaxLengthValidator(REASON_LENGTH), ProhibitNullCharactersValidator())


@transaction.atomic
def revoke(*, actor: User, confirmation_id: uuid.UUID, reason: str) -> Confirmation:
    """The office says that these words do not mean this offer.

    Side effects: every other confirmation in force of the same words for the same offer ends with it,
    whoever it came from; it counts from the next run on. The pair's review stays as it is. Only what
    people confirm anew comes back: an import leaves the words out. Raises ``Forbidden``, ``Invalid``, and
    ``Conflict`` where it has ended already.
    """
    line = Confirmation.objects.values_list("supply_id", flat=True).get(pk=confirmation_id)
    SupplyLine.objects.select_for_update(no_key=True).get(pk=line)
    confirmation = Confirmation.objects.get(pk=confirmation_id)
    if not access.keeps_memory(actor, confirmation.chain_id):
        raise Forbidden(_("Only the office of this chain keeps its memory."), code="not_your_chain")
    target = CONFIRMATION.target(confirmation.state, ConfirmationAction.REVOKE)
    _check_reason(reason)
    Confirmation.objects.filter(
        chain_id=confirmation.chain_id,
        supply_id=line,
        text_key=confirmation.text_key,
        state=ConfirmationState.STANDING,
    ).update(state=target, ended_at=timezone.now(), ended_by=actor, ended_reason=reason)
    confirmation.refresh_from_db()
    return confirmation


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": [_("Please give a reason.")]}, code="required")
    try:
        for check in _reason_checks:
            check(reason)
    except ValidationError as error:
        raise Invalid({"reason": error.messages}) from error
