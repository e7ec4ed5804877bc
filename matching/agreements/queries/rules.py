"""The rule by which a chain's pairs are followed up."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from matching.agreements.models import FollowUpRule


def rule_of(chain_id: str) -> FollowUpRule:
    """The chain's rule; where it has set none, the usual days, not stored."""
    return FollowUpRule.objects.filter(chain_id=chain_id).first() or FollowUpRule(chain_id=chain_id)


def rules(user: User) -> QuerySet[FollowUpRule]:
    """Rules of the chains that the person's office roles see whole."""
    return FollowUpRule.objects.visible_to(user).select_related("chain").order_by("chain_id")
