"""Pages of reviews."""

from matching.review.portal import bulk, compare, firms, office, sheets

__all__ = ("urlpatterns",)

urlpatterns = [
    *office.urlpatterns,
    *bulk.urlpatterns,
    *compare.urlpatterns,
    *firms.urlpatterns,
    *sheets.urlpatterns,
]
