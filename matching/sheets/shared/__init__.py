"""Columns that kinds of lists share: what their cells hold, and the words that lists use for them."""

from matching.sheets.shared.both import BOTH
from matching.sheets.shared.need import NEED
from matching.sheets.shared.offer import OFFER

__all__ = ("BOTH", "NEED", "OFFER")
