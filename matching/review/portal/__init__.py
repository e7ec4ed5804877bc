"""Pages of reviews."""

from matching.review.portal import bulk, compare, firms, my_matches, office, publishing, sheets

__all__ = ("urlpatterns",)

urlpatterns = [
    *office.urlpatterns,
    *bulk.urlpatterns,
    *compare.urlpatterns,
    *firms.urlpatterns,
    *my_matches.urlpatterns,
    *publishing.urlpatterns,
    *sheets.urlpatterns,
]
