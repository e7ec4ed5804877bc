"""Pages, filters and ordering of every list: what is not offered is refused, never ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    """``?page=2&page_size=100``; at most 500 rows a page."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
    page_query_description = "Number of the page, from 1."
    page_size_query_description = "Rows a page, 1 to 500."

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """One page. Raises ``ValidationError`` for a page that is not a number or does not exist."""
        _refuse_unknown(request, ())
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"page": [_("There is no such page.")]}) from error

    def get_page_number(self, request: Request, paginator: Any) -> Any:
        """The page asked for, as a number."""
        return _whole_number(request, self.page_query_param, 1, 1_000_000)

    def get_page_size(self, request: Request) -> int | None:
        """The size asked for, as a number."""
        return _whole_number(request, "page_size", self.page_size or 50, self.max_page_size or 500)


def _whole_number(request: Request, name: str, default: int, highest: int) -> int:
    written = request.query_params.get(name)
    if written is None:
        return default
    if not (written.isascii() and written.isdigit() and len(written) < 8 and 1 <= int(written) <= highest):
        raise exceptions.ValidationError(
            {name: [_("Write a number from 1 to %(highest)s.") % {"highest": highest}]}
        )
    return int(written)


def _refuse_unknown(request: Request, offered: Iterable[str]) -> None:
    known = {"page", "page_size", *offered, *getattr(request, "offered_filters", ())}
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        hint = ", ".join(sorted(known))
        raise exceptions.ValidationError(
            {name: [_("Unknown parameter; known are: %(known)s.") % {"known": hint}] for name in unknown},
            code="unknown_parameter",
        )


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc]
    """Filters lists, not single objects; a parameter that the list does not offer is an error."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Filtered rows. Raises ``ValidationError`` for unknown parameters and malformed values."""
        if getattr(view, "detail", False):
            return queryset
        filterset = self.get_filterset_class(view, queryset)
        request.offered_filters = tuple(filterset.base_filters) if filterset else ()  # type: ignore[attr-defined]
        _refuse_unknown(request, ())
        return super().filter_queryset(request, queryset, view)


class Ordering(django_filters.OrderingFilter):  # type: ignore[misc]
    """``?ordering=-created_at`` from an allow-list; ties are broken by identity, so pages never overlap."""

    def build_choices(self, fields: Mapping[str, str], labels: Mapping[str, str]) -> list[tuple[str, str]]:
        """What may be asked for, in the words of the API's description, which is in English.

        The library's own labels take the language that is active when the class is made.
        """
        named = {param: labels.get(field, pretty_name(param)) for field, param in fields.items()}
        both = (((param, name), (f"-{param}", f"{name} (descending)")) for param, name in named.items())
        return [choice for pair in both for choice in pair]

    def filter(self, qs: QuerySet[Any], value: list[str] | None) -> QuerySet[Any]:
        """Rows in the order asked for, or in the list's own."""
        if not value:
            return qs
        return qs.order_by(*(self.get_ordering_value(param) for param in value), "pk")


class Flag(django_filters.TypedChoiceFilter):  # type: ignore[misc]
    """``true`` or ``false``, nothing else."""

    def __init__(self, **options: Any) -> None:
        choices = (("true", "true"), ("false", "false"))
        super().__init__(choices=choices, coerce=lambda value: value == "true", empty_value=None, **options)
