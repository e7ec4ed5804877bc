"""Who sees figures across all rooms."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from accounts.permits import Act
from accounts.permits.reach import chain_filter
from matching.chains.models import Chain
from matching.overview.permits import OVERVIEW


def sees_overview(user: User) -> bool:
    """Offices of chains and of cities."""
    return OVERVIEW.somewhere(user, Act.VIEW)


def overview_chains(user: User) -> QuerySet[Chain]:
    """Chains that the person's office roles reach."""
    return Chain.objects.filter(chain_filter("code", OVERVIEW.chains(user, Act.VIEW)))
