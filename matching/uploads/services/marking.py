"""The workbook as it came, with its faulty cells marked and what to do about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from matching.sheets.marking import mark
from matching.sheets.types import SheetRefused
from matching.uploads.models import Upload, problems_in

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Marked:
    """A workbook and what it is called."""

    name: str
    content: bytes


def marked_copy(*, upload: Upload, language: str) -> Marked | None:
    """The marked workbook; None where the file is gone, or was never read as a workbook.

    What the reader has not let through may be hostile, and marking opens it without the reader's bounds.
    """
    if not upload.file or not upload.counts:
        return None
    with upload.file.open("rb") as file:
        data = file.read()
    rows = upload.rows.filter(problems__isnull=False).order_by("position")
    problems = [*problems_in(upload.problems), *(one for row in rows for one in problems_in(row.problems))]
    try:
        content = mark(data, upload.name, problems, language=language)
    except SheetRefused:
        return None
    stem = PurePath(upload.name).stem
    return Marked(_("%(name)s (marked).xlsx") % {"name": stem}, content)
