"""Verbs on reviews."""

from matching.review.services.decisions import BulkItem, decide, review_many, review_match

__all__ = ("BulkItem", "decide", "review_many", "review_match")
