"""How objects become JSON: what a serializer's fields are is found out once, not for each object again.

The bytes are those of the framework's own way, field by field. A field that does anything of its own, or is
not read from a column of the model, goes that way here, too.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Prefetch
from rest_framework import relations, serializers
from rest_framework.fields import Field, SkipField

Read = Callable[[Any], Any]
Write = Callable[[Any], Any]
Step = tuple[str, Read, Write]
_Related = serializers.PrimaryKeyRelatedField
_LISTED = "listed_"


class Planned:
    """Mixed into model serializers, before the framework's."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The object's fields as JSON has them."""
        plan: list[Step] | None = self.__dict__.get("plan")
        if type(instance) is not self.Meta.model:  # type: ignore[attr-defined]
            return super().to_representation(instance)  # type: ignore[misc,no-any-return]
        if plan is None:
            plan = self.__dict__["plan"] = [_step(field, type(instance)) for field in self._readable_fields]  # type: ignore[attr-defined]
        shown: dict[str, Any] = {}
        for name, read, write in plan:
            try:
                value = read(instance)
            except SkipField:
                continue
            shown[name] = None if value is None else write(value)
        return shown


def listing(*names: str) -> list[Prefetch[Any]]:
    """Prefetches of rows that are only read here: plain lists, without a query set for each object."""
    return [Prefetch(name, to_attr=f"{_LISTED}{name}") for name in names]


def _step(field: Any, model: type[Any]) -> Step:
    name = str(field.field_name)
    column = _column(field, model)
    kind = type(field)
    if kind is serializers.ListSerializer and len(field.source_attrs) == 1:
        return name, _listed(field), field.to_representation
    if column is None:
        return name, _resolved(field), field.to_representation
    if kind.get_attribute is Field.get_attribute:
        return name, attrgetter(column.attname), _writer(field)
    if (
        isinstance(field, _Related)
        and kind.get_attribute is relations.RelatedField.get_attribute
        and kind.use_pk_only_optimization is _Related.use_pk_only_optimization
        and kind.to_representation is _Related.to_representation
    ):
        write = field.pk_field.to_representation if field.pk_field is not None else _as_it_is
        return name, attrgetter(column.attname), write
    return name, _resolved(field), field.to_representation


def _column(field: Any, model: type[Any]) -> Any:
    """The column that the field reads and nothing else; None where there is no such."""
    if len(field.source_attrs) != 1:
        return None
    try:
        column: Any = model._meta.get_field(field.source_attrs[0])
    except FieldDoesNotExist:
        # The id of a related object, under its column's name.
        named = (one for one in model._meta.concrete_fields if one.attname == field.source_attrs[0])
        return next(named, None)
    if not getattr(column, "concrete", False):
        return None
    return column if bool(column.is_relation) == isinstance(field, _Related) else None


def _listed(field: Any) -> Read:
    """The rows that ``listing`` has prefetched, else as the field reads them."""
    name = f"{_LISTED}{field.source_attrs[0]}"

    def read(instance: Any) -> Any:
        rows = instance.__dict__.get(name)
        return field.get_attribute(instance) if rows is None else rows

    return read


def _resolved(field: Any) -> Read:
    """As the field reads it; a reference without its object is None."""

    def read(instance: Any) -> Any:
        found = field.get_attribute(instance)
        return None if isinstance(found, relations.PKOnlyObject) and found.pk is None else found

    return read


def _writer(field: Any) -> Write:
    kind = type(field)
    if kind.to_representation is serializers.CharField.to_representation:
        return str
    if kind.to_representation in _OF_FEW_VALUES:
        return _remembered(field.to_representation)
    if kind is serializers.ListField and type(field.child) is serializers.CharField:
        return _texts
    write: Write = field.to_representation
    return write


def _remembered(write: Write) -> Write:
    """Many lines of one page have the same dates, states and numbers."""
    known: dict[Any, Any] = {}

    def written(value: Any) -> Any:
        try:
            return known[value]
        except KeyError:
            return known.setdefault(value, write(value))

    return written


def _texts(values: list[Any]) -> list[Any]:
    return [None if value is None else str(value) for value in values]


def _as_it_is(value: Any) -> Any:
    return value


_OF_FEW_VALUES = frozenset(
    {
        serializers.BooleanField.to_representation,
        serializers.ChoiceField.to_representation,
        serializers.DateField.to_representation,
        serializers.DateTimeField.to_representation,
        serializers.DecimalField.to_representation,
    }
)
