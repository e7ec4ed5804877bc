"""API of the day of a meeting."""

from matching.floor.api.arrivals import ArrivalView, SittingView
from matching.floor.api.days import DayView
from matching.floor.api.walk_ins import WalkInPairView

routes = [
    ("meeting-days/(?P<meeting>[^/]+)/walk-ins", WalkInPairView, "walk_in"),
    ("meeting-days", DayView, "meeting_day"),
    ("arrivals", ArrivalView, "arrival"),
    ("sittings", SittingView, "sitting"),
]
