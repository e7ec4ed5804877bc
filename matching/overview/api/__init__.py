"""API of figures across all stages, and of what waits for a person."""

from matching.overview.api.access import AccessView
from matching.overview.api.chains import OverviewView
from matching.overview.api.figures import FiguresView
from matching.overview.api.statistics import StatisticsView
from matching.overview.api.work import WorkView

__all__ = ("routes",)

routes = [
    ("overview", OverviewView, "overview"),
    ("figures", FiguresView, "figures"),
    ("statistics", StatisticsView, "statistics"),
    ("work", WorkView, "work"),
    ("access", AccessView, "access"),
]
