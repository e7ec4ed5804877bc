"""Pages of reviews."""

from matching.review.portal import firms, office, sheets

__all__ = ("urlpatterns",)

urlpatterns = [*office.urlpatterns, *firms.urlpatterns, *sheets.urlpatterns]
