"""Pages of papers."""

from matching.papers.portal import letters, packs, summaries

__all__ = ("urlpatterns",)

urlpatterns = [*packs.urlpatterns, *letters.urlpatterns, *summaries.urlpatterns]
