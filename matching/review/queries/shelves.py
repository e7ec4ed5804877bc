"""A firm's matches sorted into what waits for it, what it has answered and what is only published."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from matching.review.models import Review
from matching.review.queries.firms import own_reviews, published_for, waiting_for, without_reviews
from matching.runs.models import Match


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of a firm's pairs: those that the office asked about, and those that are only published."""

    reviews: QuerySet[Review]
    matches: QuerySet[Match]

    def narrowed(self, *, band: str = "", line: uuid.UUID | None = None) -> Shelf:
        """Those of a band, those of one line."""
        reviews, matches = self.reviews, self.matches
        if band:
            reviews, matches = reviews.filter(match__band=band), matches.filter(band=band)
        if line is not None:
            about = Q(demand_id=line) | Q(supply_id=line)
            reviews, matches = reviews.filter(about), matches.filter(about)
        return Shelf(reviews, matches)

    def count(self) -> int:
        """How many pairs there are; two queries."""
        return self.reviews.count() + self.matches.count()

    def newer(self, since: datetime) -> Shelf:
        """Pairs that somebody else has moved, or that were published, since then."""
        return Shelf(
            self.reviews.filter(updated_at__gt=since),
            self.matches.filter(run__published__created_at__gt=since),
        )


def shelves(user: User) -> dict[str, Shelf]:
    """All shelves by name."""
    asked, listed = own_reviews(user), published_for(user)
    waiting = waiting_for(user)
    listed = without_reviews(listed, asked)
    no_reviews, no_matches = Review.objects.none(), Match.objects.none()
    return {
        "waiting": Shelf(waiting, no_matches),
        "answered": Shelf(asked.exclude(pk__in=waiting.values("pk")), no_matches),
        "published": Shelf(no_reviews, listed),
        "all": Shelf(asked, listed),
    }


def pair_ids(shelf: Shelf) -> list[uuid.UUID]:
    """Ids for ``load_pairs``: what was asked about first, the closest bands first; two queries."""
    reviews = shelf.reviews.order_by("match__band", "-updated_at", "pk").values_list("pk", flat=True)
    matches = shelf.matches.order_by("band", "demand__key", "pk").values_list("pk", flat=True)
    return [*reviews, *matches]


def own_lines(user: User, shelf: Shelf) -> list[tuple[uuid.UUID, str]]:
    """The firm's own lines that pairs are about, by id and in words; four queries."""
    firms = {firm.pk for firm in user.firms()}
    found: dict[uuid.UUID, str] = {}
    for side in ("demand", "supply"):
        names = (f"{side}_id", f"{side}__key", f"{side}__title")
        own = {f"{side}__organisation_id__in": firms}
        pairs: tuple[QuerySet[Any], ...] = (shelf.reviews, shelf.matches)
        for rows in pairs:
            for pk, key, title in rows.filter(**own).order_by().values_list(*names).distinct():
                found[pk] = f"{key} {title}"
    return sorted(found.items(), key=lambda item: item[1])
