"""Plain admin of reviews, read-only: decisions are made by their own people."""

from __future__ import annotations

from django.contrib import admin

from matching.record_admin import ReadOnlyAdmin, ReadOnlyInline
from matching.review.models import Decision, Review


class DecisionInline(ReadOnlyInline[Decision, Review]):
    """Steps of the review."""

    model = Decision


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin[Review]):
    """Reviews."""

    list_display = ("demand", "supply", "state", "quantity", "updated_at")
    list_filter = ("state", "demand__chain")
    search_fields = ("demand__title", "supply__title")
    list_select_related = ("demand", "supply")
    inlines = (DecisionInline,)
