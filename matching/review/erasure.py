"""Names of people who said yes across a desk, when they are to be forgotten."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from matching.review.models import Decision
from matching.review.services.spoken import SPOKEN


def erase(person: User) -> None:
    """Decisions that name somebody of the person's firms by its name no longer do; the firm's yes stays.

    The column is a secret, so the audit never had it.
    """
    if not person.name:
        return
    firms = [held.organisation_id for held in person.memberships.all()]
    theirs = Q(review__demand__organisation__in=firms) | Q(review__supply__organisation__in=firms)
    ending = f" · {person.name}"
    for decision in Decision.objects.filter(theirs, reason__startswith=SPOKEN, reason__endswith=ending):
        Decision.objects.filter(pk=decision.pk).update(reason=decision.reason.removesuffix(ending))
