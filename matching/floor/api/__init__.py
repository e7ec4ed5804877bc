"""API of the day of a meeting."""

from matching.floor.api.arrivals import ArrivalView, SittingView
from matching.floor.api.days import DayView

routes = [
    ("meeting-days", DayView, "meeting_day"),
    ("arrivals", ArrivalView, "arrival"),
    ("sittings", SittingView, "sitting"),
]
