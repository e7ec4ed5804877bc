"""Forms of the day of a meeting."""

from matching.floor.forms.replanning import RestOfDayForm
from matching.floor.forms.results import ResultForm, seen

__all__ = ("RestOfDayForm", "ResultForm", "seen")
