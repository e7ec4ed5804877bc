"""API of reviews: matches and decisions for offices, staged disclosure for the two firms, agreements."""

from matching.review.api.agreements import AgreementView, ListReleaseView
from matching.review.api.reviews import (
    ANSWERS,
    OFFICE_CHOICES,
    FirmMatchView,
    MatchSerializer,
    MatchView,
    ReviewView,
    RunMatchView,
)

__all__ = ("ANSWERS", "OFFICE_CHOICES", "MatchSerializer", "routes")

routes = [
    ("runs/(?P<run>[^/]+)/matches", RunMatchView, "run_match"),
    ("matching-lists/(?P<list>[^/]+)/releases", ListReleaseView, "matching_list_releases"),
    ("matches", MatchView, "match"),
    ("reviews", ReviewView, "review"),
    ("agreements", AgreementView, "agreement"),
    ("my-matches", FirmMatchView, "my_match"),
]
