"""Page-shaped reads of the day of a meeting."""

from matching.floor.queries.arrivals import DoorRow, invited, knocking, whose_code
from matching.floor.queries.board import Board, BoardRow, TableRow, board

__all__ = ("Board", "BoardRow", "DoorRow", "TableRow", "board", "invited", "knocking", "whose_code")
