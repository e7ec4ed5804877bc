"""Page-shaped reads of the day of a meeting."""

from matching.floor.queries.arrivals import DoorRow, invited, knocking, whose_code
from matching.floor.queries.board import Board, BoardRow, TableRow, board
from matching.floor.queries.walk_ins import (
    WalkIn,
    asks_demand,
    asks_supply,
    eligible,
    may_come,
    walk_in_pairs,
    walk_ins,
)

__all__ = (
    "Board",
    "BoardRow",
    "DoorRow",
    "TableRow",
    "WalkIn",
    "asks_demand",
    "asks_supply",
    "board",
    "eligible",
    "invited",
    "knocking",
    "may_come",
    "walk_in_pairs",
    "walk_ins",
    "whose_code",
)
