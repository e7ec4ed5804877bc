"""Rows as downloads: workbooks, CSV, JSON."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import BinaryIO, cast

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from matching.kinds import Label
from matching.sheets.plain import write_csv, write_json
from matching.sheets.types import Column, Vocabulary
from matching.sheets.writing import write_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, JSON = "text/csv; charset=utf-8", "application/json"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_IN_MEMORY = 2**20


def workbook(*name: object, write: Callable[[BinaryIO], object]) -> HttpResponse:
    """What ``write`` writes, as an .xlsx to be saved."""
    return saved(*name, suffix="xlsx", content_type=XLSX, write=write)


def saved(*name: object, suffix: str, content_type: str, write: Callable[[BinaryIO], object]) -> HttpResponse:
    """What ``write`` writes, as a file to be saved; parts of its ``name`` and the day are joined by ``-``.

    The file is made whole before the first byte is sent, so that a failure is an answer and not half a
    file; it lies on disk meanwhile.
    """
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it.
    write(cast(BinaryIO, file))
    file.seek(0)
    parts = [str(part) for part in name if part] + [f"{timezone.localdate():%Y-%m-%d}"]
    filename = f"{_NOT_IN_NAMES.sub(' ', '-'.join(parts))}.{suffix}"
    answer = FileResponse(file, as_attachment=True, filename=filename, content_type=content_type)
    return cast(HttpResponse, answer)


def table(
    columns: Sequence[Column], rows: Iterable[Mapping[str, object]], title: Label, about: object
) -> HttpResponse:
    """Rows that nobody fills in, as a workbook named by its title and what it is about."""
    language = reader_language()
    return workbook(
        *(title.text(language), about),
        write=lambda out: write_rows(
            out, columns, rows, vocabulary=Vocabulary(), title=title, language=language, rules=False
        ),
    )


def plain_table(
    form: str, columns: Sequence[Column], rows: Iterable[Mapping[str, object]], title: Label, about: object
) -> HttpResponse:
    """The same as ``csv`` or ``json``."""
    language = reader_language()
    name = (title.text(language), about)
    if form == "json":
        return saved(
            *name, suffix="json", content_type=JSON, write=lambda out: write_json(out, columns, rows)
        )
    return saved(
        *name, suffix="csv", content_type=CSV, write=lambda out: write_csv(out, columns, rows, language)
    )


def reader_language() -> str:
    """The language that the workbook's words are in: that of the page."""
    return get_language() or ""
