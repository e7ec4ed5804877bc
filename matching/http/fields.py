"""Sparse fields: ``?fields=id,title,firm.name`` answers with these alone and reads what they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from matching.http.filters import FIELDS

Wanted = dict[str, set[str]]
"""Fields by name, with the fields wanted below each; an empty set means all of it."""


def wanted_of(request: Request) -> Wanted | None:
    """What a reading request asks for; None where it asks for everything."""
    written = request.query_params.get(FIELDS) if request.method in ("GET", "HEAD") else None
    if written is None:
        return None
    wanted: Wanted = {}
    whole: set[str] = set()
    for path in filter(None, (part.strip() for part in written.split(","))):
        name, _dot, below = path.partition(".")
        inner = wanted.setdefault(name, set())
        if below:
            inner.add(below)
        else:
            whole.add(name)
    return {name: set() if name in whole else inner for name, inner in wanted.items()}


def narrow(serializer: Any, wanted: Wanted) -> None:
    """Take away what was not asked for. Raises ``ValidationError`` for what the serializer does not have."""
    shape = getattr(serializer, "child", serializer)
    offered = {name: field for name, field in shape.fields.items() if not field.write_only}
    unknown = [path for path in _paths(wanted) if not _offers(offered, path)]
    if unknown or not wanted:
        raise exceptions.ValidationError(
            {
                FIELDS: [
                    _("Unknown field: %(unknown)s. Known are: %(known)s.")
                    % {"unknown": ", ".join(unknown), "known": ", ".join(offered)}
                ]
            },
            code="unknown_field",
        )
    for name in shape.fields.keys() - wanted.keys():
        shape.fields.pop(name)


def project(data: Any, wanted: Wanted) -> Any:
    """An object, or a list of them, with the wanted fields alone."""
    if isinstance(data, list):
        return [project(item, wanted) for item in data]
    if not isinstance(data, Mapping):
        return data
    return {
        name: project(value, {inner: set() for inner in wanted[name]}) if wanted[name] else value
        for name, value in data.items()
        if name in wanted
    }


def spare(rows: QuerySet[Any], serializer_class: Any, wanted: Wanted) -> QuerySet[Any]:
    """The rows without the prefetches that only unwanted fields read."""
    declared = serializer_class().fields
    unwanted = {_root(field) for name, field in declared.items() if name not in wanted}
    kept = {_root(field) for name, field in declared.items() if name in wanted}
    lookups = rows._prefetch_related_lookups  # type: ignore[attr-defined]
    needed = [
        lookup
        for lookup in lookups
        if (root := getattr(lookup, "prefetch_through", lookup).split("__")[0]) in kept
        or root not in unwanted
    ]
    return rows if len(needed) == len(lookups) else rows.prefetch_related(None).prefetch_related(*needed)


def _root(field: Any) -> str:
    return str(field.source or field.field_name).split(".")[0]


def _paths(wanted: Wanted) -> list[str]:
    return [path for name, below in wanted.items() for path in ([f"{name}.{one}" for one in below] or [name])]


def _offers(fields: Mapping[str, Any], path: str) -> bool:
    name, _dot, below = path.partition(".")
    field = fields.get(name)
    if field is None or not below:
        return field is not None
    shape = getattr(field, "child", field)
    return isinstance(shape, serializers.Serializer) and below in shape.fields
