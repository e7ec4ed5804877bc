"""What became of a firm's lines, for its list."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass

from accounts.models import User
from matching.review.queries.firms import own_reviews, published_for, waiting_for


@dataclass(frozen=True, slots=True)
class Standing:
    """How many matches a firm's line has, and how many of them wait for the firm."""

    matches: int
    waiting: int


def standings(user: User, side: str, lines: list[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """By line of one's own: the pairs that ``my matches`` shows. ``side`` is that of the lines."""
    own = {f"{side}_id__in": lines}
    line, other = f"{side}_id", "supply_id" if side == "demand" else "demand_id"
    asked = own_reviews(user).filter(**own).order_by().values_list(line, other)
    listed = published_for(user).filter(**own).order_by().values_list(line, other)
    waiting = Counter(waiting_for(user).filter(**own).order_by().values_list(line, flat=True))
    pairs = Counter(pair[0] for pair in {*asked, *listed})
    return {pk: Standing(number, waiting[pk]) for pk, number in pairs.items()}
