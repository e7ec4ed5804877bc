"""Verbs on reviews."""

from matching.review.services.contracted import confirm_pair, end_pair, end_reservation, reserve_again
from matching.review.services.decisions import BulkItem, decide, review_many, review_match
from matching.review.services.spoken import accept_spoken

__all__ = (
    "BulkItem",
    "accept_spoken",
    "confirm_pair",
    "decide",
    "end_pair",
    "end_reservation",
    "reserve_again",
    "review_many",
    "review_match",
)
