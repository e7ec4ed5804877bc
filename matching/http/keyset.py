"""Rows after a given row, in any order that a list has: what cursors stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, ForeignKey, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

_ALIAS = "keyset_{}"


class NoSuchPosition(Exception):
    """The values are not those of a row in this order."""


@dataclass(frozen=True, slots=True)
class Step:
    """One column of an order."""

    path: str
    descending: bool
    nullable: bool


class Keyset:
    """A queryset in an order without ties, so that every row has one place in it.

    PostgreSQL puts nulls last in ascending order and first in descending order, and so do we.
    """

    def __init__(self, rows: QuerySet[Any]) -> None:
        model = rows.model
        asked = rows.query.order_by or rows.model._meta.ordering or ()
        steps = [step for one in asked for step in _steps(model, one)]
        if not any(step.path in ("pk", model._meta.pk.name) for step in steps):
            steps.append(Step("pk", descending=False, nullable=False))
        self.steps = tuple(steps)
        order = [f"-{step.path}" if step.descending else step.path for step in steps]
        places = {_ALIAS.format(place): F(step.path) for place, step in enumerate(steps)}
        self.rows: QuerySet[Any] = rows.order_by(*order).annotate(**places)

    def position(self, row: Any) -> list[Any]:
        """The values by which a row of ``rows`` is placed."""
        return [getattr(row, _ALIAS.format(place)) for place in range(len(self.steps))]

    def after(self, position: Sequence[Any]) -> QuerySet[Any]:
        """Rows that come after a position. Raises ``NoSuchPosition``."""
        values = self._values(position)
        if None not in values and not any(step.nullable for step in self.steps):
            directions = {step.descending for step in self.steps}
            if len(directions) == 1:
                return self.rows.filter(self._row_wise(values, descending=directions.pop()))
        return self.rows.filter(self._column_wise(values))

    def _values(self, position: Sequence[Any]) -> list[Any]:
        if len(position) != len(self.steps):
            raise NoSuchPosition
        annotations = self.rows.query.annotations
        try:
            return [
                annotations[_ALIAS.format(place)].output_field.to_python(value)
                for place, value in enumerate(position)
            ]
        except (ValidationError, TypeError, ValueError) as error:
            raise NoSuchPosition from error

    def _row_wise(self, values: list[Any], *, descending: bool) -> Any:
        columns = Tuple(*(F(step.path) for step in self.steps))
        return (TupleLessThan if descending else TupleGreaterThan)(columns, tuple(values))

    def _column_wise(self, values: list[Any]) -> Q:
        beyond = Q(pk__in=[])
        same = Q()
        for place, (step, value) in enumerate(zip(self.steps, values, strict=True)):
            name = _ALIAS.format(place)
            beyond |= same & _beyond(step, name, value)
            same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        # Says nothing new, but lets the index of the first column begin at the right place.
        return _not_before(self.steps[0], _ALIAS.format(0), values[0]) & beyond


def _beyond(step: Step, name: str, value: Any) -> Q:
    if value is None:
        return Q(**{f"{name}__isnull": False}) if step.descending else Q(pk__in=[])
    later = Q(**{f"{name}__{'lt' if step.descending else 'gt'}": value})
    return later | Q(**{f"{name}__isnull": True}) if step.nullable and not step.descending else later


def _not_before(step: Step, name: str, value: Any) -> Q:
    if value is None or step.nullable:
        return Q()
    return Q(**{f"{name}__{'lte' if step.descending else 'gte'}": value})


def _steps(model: type[Model], asked: Any) -> Iterator[Step]:
    """The columns behind one entry of an order; a foreign key orders as its model does."""
    descending = False
    if isinstance(asked, OrderBy):
        descending, asked = asked.descending, asked.expression
    if isinstance(asked, F):
        asked = asked.name  # type: ignore[attr-defined]
    if not isinstance(asked, str):
        raise TypeError(f"a list is ordered by {asked!r}, which no cursor can continue")
    if asked.startswith("-"):
        descending, asked = not descending, asked[1:]
    yield from _columns(model, asked.removeprefix("+"), descending)


def _columns(model: type[Model], path: str, descending: bool) -> Iterator[Step]:
    nullable, owner = False, model
    field: Any = None
    parts = path.split("__")
    for part in parts:
        name = owner._meta.pk.name if part == "pk" else part
        try:
            field = owner._meta.get_field(name)
        except FieldDoesNotExist:
            # An annotation: nothing is known of it.
            yield Step(path, descending, nullable=True)
            return
        nullable = nullable or bool(getattr(field, "null", True))
        owner = field.related_model or owner
    if isinstance(field, ForeignKey) and parts[-1] == field.name and owner._meta.ordering:
        for below in owner._meta.ordering:
            for step in _steps(owner, below):
                yield Step(f"{path}__{step.path}", step.descending != descending, nullable or step.nullable)
        return
    assert isinstance(field, Field), f"{path} of {model.__name__} is no column"
    yield Step(path, descending, nullable)
