"""What a unit of quantity is worth to the plan, and how many firms may still join a need."""

from __future__ import annotations

from collections.abc import Collection

from matching.engine.types import FULL_SCORE, Need, Offer, Policy

LOCAL = "local"
FIRST_OF_KIND = "first_of_kind"
COVERED = 2 * FULL_SCORE
"""Worth of being covered at all, for each level of priority: more than score and bonuses together."""
MOST_BONUS = FULL_SCORE // 2
MOST_PRIORITY = 9


def urgency(need: Need) -> int:
    """What covering one unit of the need is worth, whoever covers it."""
    return COVERED * (1 + max(0, min(MOST_PRIORITY, need.priority)))


def bonus(offer: Offer, policy: Policy) -> int:
    """What the policy adds to the score of any match of this offer, in basis points.

    The firm's best grade counts, and being local and first of its kind beside it; at most half a score.
    Raises ValueError where the policy states a negative bonus.
    """
    stated = dict(policy.allocation_bonus)
    if any(points < 0 for points in stated.values()):
        raise ValueError(f"policy {policy.version}: an allocation bonus is negative")
    earned = max((stated.get(grade, 0) for grade in offer.grades), default=0)
    if offer.first_of_kind:
        earned += stated.get(FIRST_OF_KIND, 0)
    if offer.region.startswith(policy.home_regions):
        earned += stated.get(LOCAL, 0)
    return min(MOST_BONUS, earned)


def suppliers_left(need: Need, policy: Policy, agreed: Collection[str]) -> int:
    """How many firms may join those with which the need has an agreement already."""
    most = need.max_suppliers if need.max_suppliers is not None else policy.max_suppliers
    return max(0, max(1, most) - len(agreed))
