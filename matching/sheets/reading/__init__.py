"""Workbooks read: .xlsx, .xls, .ods and .csv, as people make them.

``read`` tells everything that is wrong at once, by sheet, row and cell; it refuses only what can't be
opened.
"""

from matching.sheets.reading.limits import Limits
from matching.sheets.reading.workbook import read

__all__ = ["Limits", "read"]
