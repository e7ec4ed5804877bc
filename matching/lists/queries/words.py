"""Lines that a search on a page finds: by product, number or firm."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from matching.lists.models import Line
from matching.searching import holding


def with_words(lines: QuerySet[Line], text: str) -> QuerySet[Line]:
    """Those of a short list, such as a firm's own."""
    return lines.filter(_in_line(text) | Q(organisation__in=_firms(text)))


def with_words_among_many(lines: QuerySet[Line], text: str) -> QuerySet[Line]:
    """The same of a list of a whole province: each place is searched for itself, firms by their index."""
    rows = lines.model._default_manager.order_by().values("pk")
    found = rows.filter(_in_line(text)).union(rows.filter(organisation__in=_firms(text)), all=True)
    return lines.filter(pk__in=found)


def _in_line(text: str) -> Q:
    return holding(text, "title", "key")


def _firms(text: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(holding(text, "name"))
