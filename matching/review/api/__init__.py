"""API of reviews: matches and decisions for offices, staged disclosure for the two firms, accepted pairs."""

from matching.review.api.accepted import AcceptedPairView
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
    ("matches", MatchView, "match"),
    ("reviews", ReviewView, "review"),
    ("accepted-pairs", AcceptedPairView, "accepted_pair"),
    ("my-matches", FirmMatchView, "my_match"),
]
