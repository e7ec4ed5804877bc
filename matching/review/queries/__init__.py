"""Page-shaped reads of reviews."""

from matching.review.queries.firms import (
    FirmMatch,
    Party,
    firm_matches,
    firm_pairs,
    load_pairs,
    own_reviews,
    published_for,
    reviewed_matches,
    waiting_for,
    with_parties,
)
from matching.review.queries.office import (
    demand_of,
    demands_of_run,
    for_office,
    judged_pairs,
    office_reviews,
    with_review,
)

__all__ = (
    "FirmMatch",
    "Party",
    "demand_of",
    "demands_of_run",
    "firm_matches",
    "firm_pairs",
    "for_office",
    "judged_pairs",
    "load_pairs",
    "office_reviews",
    "own_reviews",
    "published_for",
    "reviewed_matches",
    "waiting_for",
    "with_parties",
    "with_review",
)
