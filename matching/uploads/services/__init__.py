"""Verbs on uploads. Each is one transaction; side effects stand in the docstring."""

from matching.uploads.services.leases import lost_uploads
from matching.uploads.services.marking import WORKBOOK, Marked, marked_copy
from matching.uploads.services.receiving import ENDINGS, order_apply, read_again, receive
from matching.uploads.services.removing import remove_old
from matching.uploads.services.working import work

__all__ = (
    "ENDINGS",
    "WORKBOOK",
    "Marked",
    "lost_uploads",
    "marked_copy",
    "order_apply",
    "read_again",
    "receive",
    "remove_old",
    "work",
)
