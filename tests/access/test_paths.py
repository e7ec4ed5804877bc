"""Lists are filtered and ordered by what is offered and by nothing else (RELIABILITY 20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

import django_filters
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import resolve

from accounts import classes
from matching.lists.api.filters import LineFilter
from matching.lists.api.lines import DemandLineView
from matching.lists.models import DemandLine
from tests.access.naming import document, nameless, parameters
from tests.api.matrix import PARTS, TABLE, Operation
from tests.api.story import API, Story
from tests.torture import FULL

pytestmark = pytest.mark.django_db
DEPTH = 3
LOOKUPS = ("gte", "isnull", "startswith")
ORDERS = ("o", "order", "order_by", "sort", "ordering")
MOST_SENT = 900
"""Django refuses an address with more parameters than 1,000, whatever they are."""


def paths(model: type[models.Model], depth: int = DEPTH) -> Iterator[str]:
    """Every path over fields and relations, either way, as a filter or an order may write it."""
    for field in model._meta.get_fields():
        name = field.name
        yield name
        if isinstance(field, models.Field):
            yield from (field.attname, *(f"{name}__{lookup}" for lookup in LOOKUPS))
        related = field.related_model
        if depth > 1 and field.is_relation and isinstance(related, type):
            yield from (f"{name}__{rest}" for rest in paths(related, depth - 1))


def columns() -> set[str]:
    """Names of all columns of the site."""
    return {field.name for model in apps.get_models() for field in model._meta.concrete_fields}


def lists() -> list[tuple[Operation, set[str]]]:
    """Operations that answer with many objects, and the parameters that they describe."""
    described = {nameless(path): told["get"] for path, told in document()["paths"].items() if "get" in told}
    found = []
    for operation in TABLE:
        if operation.method == "GET" and not operation.path.endswith("}/"):
            told = parameters(described[nameless(f"{API}{operation.path}")])
            found.append((operation, {one["name"] for one in told if one["in"] == "query"}))
    return [(operation, known) for operation, known in found if known]


def _view(story: Story, operation: Operation) -> tuple[Any, dict[str, Any]]:
    view: Any = resolve(API + operation.path.format(**story.names)).func
    return view.cls, view.initkwargs


def _wanted(story: Story, operation: Operation) -> set[str]:
    """What is tried at a list: everything within reach of its objects, and every column there is."""
    cls, _options = _view(story, operation)
    model = getattr(cls, "model", None) or getattr(getattr(cls, "queryset", None), "model", None)
    # Over two relations there are some ten thousand paths: the sample takes every seventh of them.
    near = set() if model is None else set(paths(model, 2))
    far = [] if model is None else sorted(set(paths(model)) - near)
    return {*near, *far[:: 1 if FULL else 7], *columns(), *ORDERS}


def _taken(story: Story, operation: Operation, names: Iterable[str]) -> set[str]:
    """Parameters that a list does not refuse."""
    part = next(one for one in PARTS if operation.status(one) == 200)
    client, address = story.client(part), API + operation.path.format(**story.names)
    rest, taken = sorted(names), set()
    for start in range(0, len(rest), MOST_SENT):
        sent = rest[start : start + MOST_SENT]
        answer = client.get(f"{address}?{urlencode(dict.fromkeys(sent, '1'))}")
        errors = answer.json()["errors"] if answer.status_code == 400 else []
        taken |= set(sent) - {one["field"] for one in errors if one["code"] == "unknown_parameter"}
    return taken


def filters_beyond(story: Story, asked: Iterable[tuple[Operation, set[str]]]) -> dict[str, set[str]]:
    """Parameters that lists take and do not describe, by list."""
    found = {
        operation.path: _taken(story, operation, _wanted(story, operation) - known)
        for operation, known in asked
    }
    return {path: names for path, names in found.items() if names}


def orders_beyond(story: Story, asked: Iterable[tuple[Operation, set[str]]]) -> dict[str, set[str]]:
    """Orders that lists take and do not describe, or that are of secrets, by list."""
    found = {}
    for operation, known in asked:
        cls, options = _view(story, operation)
        chosen = options.get("filterset_class", getattr(cls, "filterset_class", None))
        if "ordering" in known and chosen is not None:
            field = chosen.base_filters["ordering"].field
            offered = set(_offered(operation))
            secret = classes.secret_columns(cls.model) if getattr(cls, "model", None) else frozenset()
            taken = {one for one in _wanted(story, operation) | offered if _takes(field, one)}
            if wrong := taken - offered | taken & secret:
                found[operation.path] = wrong
    return found


def _takes(field: Any, order: str) -> bool:
    try:
        field.clean([order])
    except ValidationError:
        return False
    return True


def _offered(operation: Operation) -> list[str]:
    told = next(
        told["get"]
        for path, told in document()["paths"].items()
        if nameless(path) == nameless(f"{API}{operation.path}")
    )
    schema = next(one["schema"] for one in parameters(told) if one["name"] == "ordering")
    return list(schema["items"]["enum"])


def test_the_paths_reach_far_enough() -> None:
    near = set(paths(DemandLine))
    assert {"price_ceiling", "organisation__name", "organisation__memberships__user"} <= near
    assert {"arose_from__organisation__region", "price_ceiling__gte"} <= near
    assert len(lists()) > 35


def test_no_list_takes_a_filter_that_it_does_not_offer(story: Story) -> None:
    assert filters_beyond(story, lists()) == {}


def test_no_list_takes_an_order_that_it_does_not_offer(story: Story) -> None:
    assert orders_beyond(story, lists()) == {}


class Everything(LineFilter):
    """What must never be: every column as a filter, every column as an order."""

    ordering = django_filters.OrderingFilter(
        fields=[field.name for field in DemandLine._meta.concrete_fields]
    )

    class Meta:
        model = DemandLine
        # What is encrypted at rest can't be compared; the rest stands for ``__all__``.
        fields = tuple(one.name for one in DemandLine._meta.concrete_fields if one.get_lookup("exact"))
        filter_overrides = {
            kind: {"filter_class": django_filters.CharFilter}
            for kind in {type(field) for field in DemandLine._meta.concrete_fields}
        }


def test_a_list_that_takes_everything_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DemandLineView, "filterset_class", Everything)
    asked = [one for one in lists() if one[0].path == "/demand-lines/"]
    assert "quantity" in filters_beyond(story, asked)["/demand-lines/"]
    assert "price_ceiling" in orders_beyond(story, asked)["/demand-lines/"]
