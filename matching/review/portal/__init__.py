"""Pages of reviews."""

from matching.review.portal import firms, office

__all__ = ("urlpatterns",)

urlpatterns = [*office.urlpatterns, *firms.urlpatterns]
