"""Page-shaped reads of reviews."""

from matching.review.queries.demands import demand_rows, demands_of_run, undecided
from matching.review.queries.firms import (
    Answer,
    FirmMatch,
    Party,
    Question,
    firm_matches,
    firm_pairs,
    load_pairs,
    own_reviews,
    published_for,
    waiting_for,
    with_parties,
    without_reviews,
)
from matching.review.queries.office import (
    bare_for_office,
    demand_of,
    for_office,
    judged_pairs,
    office_reviews,
    with_review,
)
from matching.review.queries.screen import (
    Changes,
    changes_since,
    evident,
    gone_since,
    last_list,
    open_facts,
    reasons_given,
)
from matching.review.queries.shelves import Shelf, own_lines, pair_ids, shelves
from matching.review.queries.standing import Standing, standings

__all__ = (
    "Answer",
    "Changes",
    "FirmMatch",
    "Party",
    "Question",
    "Shelf",
    "Standing",
    "bare_for_office",
    "changes_since",
    "demand_of",
    "demand_rows",
    "demands_of_run",
    "evident",
    "firm_matches",
    "firm_pairs",
    "for_office",
    "gone_since",
    "judged_pairs",
    "last_list",
    "load_pairs",
    "office_reviews",
    "open_facts",
    "own_lines",
    "own_reviews",
    "pair_ids",
    "published_for",
    "reasons_given",
    "shelves",
    "standings",
    "undecided",
    "waiting_for",
    "with_parties",
    "with_review",
    "without_reviews",
)
