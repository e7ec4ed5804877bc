"""How often a person may ask what is similar to what is being typed; pages and API count together."""

from __future__ import annotations

from django.core.cache import caches

from accounts.models import User

MOST_A_MINUTE = 120
"""Answers that a person gets from one web process; nobody types faster, only a program asks more often."""


def has_answer_left(user: User) -> bool:
    """Whether the person may ask once more in this minute; asking counts."""
    key = f"similar:{user.pk}"
    caches["process"].add(key, 0, timeout=60)
    try:
        return int(caches["process"].incr(key)) <= MOST_A_MINUTE
    except ValueError:
        # It ran out between the two steps.
        return True
