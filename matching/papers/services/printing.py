"""Papers in print."""

from __future__ import annotations

from django.conf import settings

from matching.documents import pdf
from matching.documents.paper import Paper


def print_out(paper: Paper) -> bytes:
    """A paper as .pdf in the installation's typefaces."""
    return pdf.write(paper, own_fonts=settings.PAPER_FONTS)
