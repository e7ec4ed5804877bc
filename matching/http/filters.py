"""Filters and ordering of every list: what is not offered is refused, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _
from django_filters.fields import BaseCSVField
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.request import Request

CURSOR, SIZE, COUNT, FIELDS = "cursor", "page_size", "count", "fields"
OF_EVERY_LIST = (CURSOR, SIZE, COUNT, FIELDS)


def refuse_unknown(request: Request, *, paged: bool = True) -> None:
    """Raises ``ValidationError`` for parameters that are neither every list's nor filters of this one.

    ``paged``: whether the list has pages, and with them the parameters of pages.
    """
    known = {*(OF_EVERY_LIST if paged else ()), FIELDS, *getattr(request, "offered_filters", ())}
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
        refuse_unknown(request, paged=view.paginator is not None)
        try:
            return super().filter_queryset(request, queryset, view)
        except exceptions.ValidationError as error:
            filters = filterset.base_filters if filterset else {}
            detail = cast(dict[str, Any], error.detail)
            raise exceptions.ValidationError(
                {name: _precise(filters.get(name), told) for name, told in detail.items()}
            ) from None


def _precise(kind: Any, told: Any) -> list[exceptions.ErrorDetail]:
    """Errors of a filter by the codes that fields of bodies have."""
    wanted = next((code for kinds, code in _KINDS.items() if isinstance(kind, kinds)), "invalid")
    return [exceptions.ErrorDetail(one, wanted if one.code == "invalid" else one.code) for one in told]


_KINDS = {
    django_filters.NumberFilter: "invalid_number",
    django_filters.UUIDFilter: "invalid_id",
    django_filters.DateFilter: "invalid_date",
    django_filters.IsoDateTimeFilter: "invalid_date",
}


class _EachNamed(BaseCSVField):  # type: ignore[misc]
    """Values with commas between them; one that is left out is none of the choices."""

    def clean(self, value: list[str] | None) -> list[str] | None:
        """The values. Raises ``ValidationError``."""
        if value and "" in value:
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": ""})
        cleaned: list[str] | None = super().clean(value)
        return cleaned


class Ordering(django_filters.OrderingFilter):  # type: ignore[misc]
    """``?ordering=-created_at`` from an allow-list; ties are broken by identity, so pages never overlap."""

    base_field_class = _EachNamed

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
