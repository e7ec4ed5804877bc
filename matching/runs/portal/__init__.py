"""Pages of runs and of published lists."""

from matching.runs.portal.runs import urlpatterns

__all__ = ("urlpatterns",)
