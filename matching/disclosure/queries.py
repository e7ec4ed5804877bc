"""Who saw what, as pages, workbooks and clients read it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import OrganisationKind
from accounts.sealing.keys import keyed_digest
from matching.disclosure.models import Disclosure, Part

AT_A_TIME = 500


def entries(user: User) -> QuerySet[Disclosure]:
    """Entries about one's own firms, the newest first; constant queries."""
    seen = Disclosure.objects.visible_to(user)
    return seen.select_related("organisation", "reader", "reader_organisation").order_by("-at", "-pk")


def name_of(entry: Disclosure) -> uuid.UUID:
    """What a firm knows an entry by; from its number it could tell how many entries others have."""
    return uuid.UUID(keyed_digest(f"matching.disclosure {entry.pk}".encode())[:32])


def reader_of(entry: Disclosure) -> str:
    """The person of an office by name; of another firm the firm alone, whose people are its own."""
    organisation = entry.reader_organisation
    if organisation is None or organisation.kind == OrganisationKind.OFFICE:
        return str(entry.reader) if entry.reader is not None else ""
    return ""


def parts_of(entry: Disclosure) -> list[str]:
    """What was seen, in words."""
    return [str(Part(part).label) for part in Part.values if part in entry.parts]


def sheet_rows(seen: QuerySet[Disclosure]) -> Iterator[dict[str, Any]]:
    """Entries as rows of a workbook."""
    for entry in seen.iterator(chunk_size=AT_A_TIME):
        yield {
            "at": timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            "organisation": entry.reader_organisation.name if entry.reader_organisation else "",
            "person": reader_of(entry),
            "side": entry.get_side_display(),
            "key": entry.key,
            "title": entry.title,
            "lines": entry.lines,
            "parts": "、".join(parts_of(entry)),
            "via": entry.get_via_display(),
        }
