"""The summary of demand and supply (供需信息情况汇总表) and the figures that offices report."""

from matching.papers.queries.summary.extent import Extent, extent_of
from matching.papers.queries.summary.figures import Figures, figures, group_names
from matching.papers.queries.summary.indicators import indicators
from matching.papers.queries.summary.papers import figures_paper, group_cells, summary_paper, title_of
from matching.papers.queries.summary.results import has_results, results_stamp
from matching.papers.queries.summary.rows import (
    Line,
    every_line,
    lines,
    lines_of,
    with_talks,
)
from matching.papers.queries.summary.sheet import TITLE, sheet_row, write_summary

__all__ = (
    "TITLE",
    "Extent",
    "Figures",
    "Line",
    "every_line",
    "extent_of",
    "figures",
    "figures_paper",
    "group_cells",
    "group_names",
    "has_results",
    "indicators",
    "lines",
    "lines_of",
    "results_stamp",
    "sheet_row",
    "summary_paper",
    "title_of",
    "with_talks",
    "write_summary",
)
