"""Conditions on rows by chain and region codes; ``*`` means all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.roles import EVERYWHERE

if TYPE_CHECKING:
    from accounts.models import Membership

NOTHING = Q(pk__in=[])
# Always true, and the database is spared the join that a condition would need.
EVERYTHING = ~NOTHING


def region_filter(field: str, regions: Iterable[str]) -> Q:
    """Rows whose region code lies in one of the prefixes; no prefix, no row."""
    if EVERYWHERE in regions:
        return EVERYTHING
    condition = NOTHING
    for prefix in regions:
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition


def chain_filter(field: str, chains: Iterable[str]) -> Q:
    """Rows whose chain code is one of ``chains``; no chain, no row."""
    if EVERYWHERE in chains:
        return Q(**{f"{field}__isnull": False})
    return Q(**{f"{field}__in": list(chains)})


def reach_filter(memberships: Iterable[Membership], *, chain: str, region: str) -> Q:
    """Rows whose chain and region codes lie together within one of the memberships; none, no row."""
    condition = NOTHING
    for membership in memberships:
        condition |= chain_filter(chain, membership.chains) & region_filter(region, membership.regions)
    return condition
