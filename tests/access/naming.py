"""Where requests name objects: parameters and fields of the API's description whose format is an id's."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps

from accounts.models import User
from tests.api.matrix import ROWS, TABLE, Operation

DESCRIBED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
ABSENT = "00000000-0000-4000-8000-000000000000"
EACH = "[]"
TEXTS = {"uscc": "91140100MA0T999993", "line": "no-such-line"}
"""Fields that name an object by words, and words that name none; the story has the words of one."""
ASKED_FOR = {
    "organisation": ("Organisation",),
    "firms": ("Organisation",),
    "firm": ("Organisation",),
    "round": ("Round",),
    "demand": ("DemandLine",),
    "supply": ("SupplyLine",),
    "arose_from": ("DemandLine",),
    "ids": ("DemandLine", "SupplyLine"),
    "matches": ("Match",),
    "meeting": ("SigningMeeting",),
    "against": ("PolicyVersion",),
}
"""Whose ids a name is about. Other names are tried with ids of every kind; in the full run all are."""


@dataclass(frozen=True)
class Place:
    """One place in a request that names an object: in the query, or a path into the body."""

    operation: Operation
    query: bool
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last word of the path."""
        return next(word for word in reversed(self.path) if word != EACH)

    def filled(self, body: Any, value: str) -> Any:
        """A copy of a sound body that names this object."""
        whole = copy.deepcopy(body) if isinstance(body, dict) else {}
        _put(whole, self.path, value)
        return whole


def _put(inside: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    name, *rest = path
    if not rest:
        inside[name] = value
    elif rest == [EACH]:
        inside[name] = [value]
    elif rest[0] == EACH:
        if not inside.get(name):
            inside[name] = [{}]
        _put(inside[name][0], tuple(rest[1:]), value)
    else:
        _put(inside.setdefault(name, {}), tuple(rest), value)


@cache
def document() -> dict[str, Any]:
    """The committed description, which a test compares with the real one."""
    loaded: dict[str, Any] = yaml.load(DESCRIBED.read_text(), Loader=yaml.CSafeLoader)
    return loaded


def places() -> Iterator[Place]:
    """All of them."""
    described = {nameless(path): told for path, told in document()["paths"].items()}
    for operation in TABLE:
        told = described[nameless(f"/api/v1{operation.path}")][operation.method.lower()]
        for parameter in parameters(told):
            if parameter["in"] == "query" and _is_id(parameter["name"], parameter["schema"]):
                yield Place(operation, True, (parameter["name"],))
        seen = set()
        for media in told.get("requestBody", {}).get("content", {}).values():
            for path, schema in _fields(media["schema"]):
                if _is_id(path[-1], schema) and path not in seen:
                    seen.add(path)
                    yield Place(operation, False, path)


def parameters(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What an operation takes beside its body."""
    return [resolved(one) for one in told.get("parameters", ())]


def resolved(said: dict[str, Any]) -> dict[str, Any]:
    """What stands elsewhere in the description, or what is said here."""
    found: Any = said
    while "$ref" in found:
        _root, *words = found["$ref"].split("/")
        found = document()
        for word in words:
            found = found[word]
    return dict(found)


def nameless(path: str) -> str:
    """An address whatever its parts are called."""
    return re.sub(r"\{\w+\}", "{}", path)


def _is_id(name: str, schema: dict[str, Any]) -> bool:
    return schema.get("format") == "uuid" or name in TEXTS or name in ASKED_FOR


def _fields(
    schema: dict[str, Any], path: tuple[str, ...] = (), inside: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every field that a body may have, however deep."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in inside:
            yield from _fields(document()["components"]["schemas"][name], path, (*inside, name))
        return
    for word in ("allOf", "oneOf", "anyOf"):
        for one in schema.get(word, ()):
            yield from _fields(one, path, inside)
    if "items" in schema:
        yield from _fields(schema["items"], (*path, EACH), inside)
    for name, field in schema.get("properties", {}).items():
        if not field.get("readOnly"):
            yield from _fields(field, (*path, name), inside)
    if path and "properties" not in schema and "items" not in schema:
        yield path, schema


def sound(operation: Operation) -> Any:
    """The body of the matrix; of a body of rows, the row."""
    body = operation.body or {}
    return body.get(ROWS, body)


def foreign(person: User, name: str, *, full: bool) -> list[str]:
    """Ids of objects that the person does not see, one of each kind that the name is about."""
    wanted = None if full else ASKED_FOR.get(name)
    found = []
    for label in ("accounts", "matching"):
        for model in apps.get_app_config(label).get_models():
            rows: Any = model._default_manager.all()
            known_by = "public_id" if hasattr(model, "public_id") else model._meta.pk.attname
            is_id = model._meta.get_field(known_by).get_internal_type() == "UUIDField"
            if is_id and hasattr(rows, "visible_to") and (wanted is None or model.__name__ in wanted):
                hidden = rows.exclude(pk__in=list(rows.visible_to(person).values_list("pk", flat=True)))
                found += [str(getattr(one, known_by)) for one in hidden.order_by("pk")[:1]]
    return found
