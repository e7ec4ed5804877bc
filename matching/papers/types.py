"""Types of the files that papers are, and how one is handed out."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from matching.downloads import XLSX

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ZIP = "application/zip"
_BY_ENDING = {"docx": DOCX, "pdf": PDF, "xlsx": XLSX, "zip": ZIP}


def as_download(name: str, content: bytes) -> HttpResponse:
    """A file to be saved; its type is told by the ending of its name."""
    disposition = content_disposition_header(True, name) or "attachment"
    kind = _BY_ENDING[name.rpartition(".")[2]]
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
