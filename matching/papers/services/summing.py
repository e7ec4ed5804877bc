"""Summaries as files: workbook, papers, plain rows; that their pairs were seen is noted."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from django.http import HttpResponse
from django.utils.translation import get_language

from matching.disclosure.services import saw_pairs
from matching.documents import word
from matching.documents.paper import Paper
from matching.downloads import plain_table, saved, workbook
from matching.papers.queries import summary
from matching.papers.queries.summary import Extent, Line
from matching.papers.services.printing import print_out
from matching.papers.types import DOCX, PDF
from matching.sheets.results import SUMMARY

FORMS = ("xlsx", "docx", "pdf", "csv", "json")


def summed(extent: Extent, form: str) -> HttpResponse:
    """The summary in one of ``FORMS``. Side effect: that the firms' names were seen is noted."""
    title = summary.TITLE.text(get_language() or "")
    about = summary.title_of(extent)
    if form in ("csv", "json"):
        rows = (summary.sheet_row(line) for line in _lines(extent))
        return plain_table(form, SUMMARY, rows, summary.TITLE, about)
    if form == "xlsx":
        return workbook(title, about, write=lambda out: write(extent, out))
    paper = summary_of(extent)
    made = word.write(paper) if form == "docx" else print_out(paper)
    kind = DOCX if form == "docx" else PDF
    return saved(title, about, suffix=form, content_type=kind, write=lambda out: out.write(made))


def figures_file(extent: Extent, form: str) -> HttpResponse:
    """The figures alone, as ``docx`` or ``pdf``: they name no firm."""
    paper = figures_of(extent)
    made = word.write(paper) if form == "docx" else print_out(paper)
    kind = DOCX if form == "docx" else PDF
    name = (paper.title, summary.title_of(extent))
    return saved(*name, suffix=form, content_type=kind, write=lambda out: out.write(made))


def summary_of(extent: Extent) -> Paper:
    """供需信息情况汇总表."""
    told, _groups = summary.figures(extent)
    return summary.summary_paper(extent, _lines(extent), told)


def figures_of(extent: Extent) -> Paper:
    """统计表."""
    told, groups = summary.figures(extent)
    return summary.figures_paper(extent, told, groups, summary.group_names(extent, groups))


def write(extent: Extent, out: BinaryIO | BytesIO) -> None:
    """The workbook."""
    told, _groups = summary.figures(extent)
    summary.write_summary(out, _lines(extent), told, get_language() or "")


def _lines(extent: Extent) -> Iterator[Line]:
    pairs: Any = summary.with_talks(extent, extent.pairs())
    for pair in pairs.iterator(chunk_size=500):
        saw_pairs([pair])
        yield from summary.lines_of(pair)
