"""Verbs on reviews, and what they teach."""

from matching.review.services.decisions import BulkItem, decide, review_many, review_match
from matching.review.services.learning import Learnt, learn_policy

__all__ = ("BulkItem", "Learnt", "decide", "learn_policy", "review_many", "review_match")
