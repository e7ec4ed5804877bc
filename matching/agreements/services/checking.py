"""What must hold of stated terms."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.agreements.amounts import Kind
from matching.agreements.models import TERMS, Agreement, AgreementVersion
from matching.agreements.states import NEEDS_REASON
from matching.errors import Conflict, Invalid
from matching.review.models import Review
from matching.review.states import ReviewState

REASON_LENGTH = 500


def lock_pair(review_id: uuid.UUID) -> Review:
    """The pair with its lines, its row locked to the end of the transaction; before any agreement's."""
    Review.objects.select_for_update().get(pk=review_id)
    return Review.objects.select_related(
        "match", "demand__organisation", "demand__chain", "supply__organisation"
    ).get(pk=review_id)


def refuse_unless_accepted(review: Review) -> None:
    """Raise ``Conflict`` for a pair to which both firms have not said yes, or no longer do."""
    if review.state != ReviewState.ACCEPTED:
        told = _("Both firms must have said yes to the match first.")
        raise Conflict(told, code="not_accepted")


def check_terms(kind: str, terms: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of a version. Raises ``Invalid`` by field."""
    known = {name: value for name, value in terms.items() if name in TERMS}
    draft = AgreementVersion(position=0, stated_as="", **known)
    problems: dict[str, list[str]] = {}
    try:
        draft.clean_fields(exclude={"agreement", "position", "stated_as", "stated_by", "confirmed_at"})
    except ValidationError as error:
        problems.update(error.message_dict)
    if not problems:
        problems.update({name: [told] for name, told in _together(kind, draft)})
    if problems:
        raise Invalid(problems)
    return {name: getattr(draft, name) for name in TERMS}


def _together(kind: str, draft: AgreementVersion) -> list[tuple[str, str]]:
    found = []
    if kind == Kind.CONTRACT and draft.amount is None:
        found.append(("amount", _("A contract has an amount.")))
    if draft.quantity is not None and not draft.unit:
        found.append(("unit", _("Say in which unit the quantity is.")))
    # A day more, since clocks differ.
    if draft.signed_on > timezone.localdate() + timedelta(days=1):
        found.append(("signed_on", _("This day has not come yet.")))
    if draft.deliver_from and draft.deliver_until and draft.deliver_until < draft.deliver_from:
        found.append(("deliver_until", _("The delivery ends before it begins.")))
    return found


def check_reason(action: str, reason: str) -> None:
    """Raise ``Invalid`` for a reason that is missing, too long, or can't be stored."""
    if action in NEEDS_REASON and not reason.strip():
        raise Invalid({"reason": [_("Please give a reason.")]})
    if len(reason) > REASON_LENGTH:
        raise Invalid({"reason": [_("At most %(count)d characters.") % {"count": REASON_LENGTH}]})
    if "\0" in reason:
        raise Invalid({"reason": [_("This text holds a character that can't be stored.")]})


def refuse_twice(agreement: Agreement) -> None:
    """Raise ``Invalid`` where the pair has the same agreement already."""
    try:
        agreement.validate_constraints()
    except ValidationError as error:
        raise Invalid({"number": error.messages}) from error
