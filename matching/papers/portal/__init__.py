"""Pages of papers."""

from matching.papers.portal import letters, packs

__all__ = ("urlpatterns",)

urlpatterns = [*packs.urlpatterns, *letters.urlpatterns]
