"""Pages of runs, published lists and the rules."""

from matching.runs.portal import compared, policies, runs, sheets, whatif

__all__ = ("urlpatterns",)

urlpatterns = [
    *runs.urlpatterns,
    *policies.urlpatterns,
    *whatif.urlpatterns,
    *compared.urlpatterns,
    *sheets.urlpatterns,
]
