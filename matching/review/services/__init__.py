"""Verbs on reviews, and what they teach."""

from matching.review.services.contracted import confirm_pair, end_pair, end_reservation, reserve_again
from matching.review.services.decisions import BulkItem, decide, review_many, review_match
from matching.review.services.learning import Learnt, learn_policy

__all__ = (
    "BulkItem",
    "Learnt",
    "confirm_pair",
    "decide",
    "end_pair",
    "end_reservation",
    "learn_policy",
    "reserve_again",
    "review_many",
    "review_match",
)
