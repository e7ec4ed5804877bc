"""Every column there is, sent to every write: nothing changes that is not declared (RELIABILITY 21)."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework import serializers

from accounts.bodies import Strict
from matching.chains.forms import EntryForm
from tests.access.naming import EACH, document, nameless, resolved, sound
from tests.access.plausible import columns
from tests.api.matrix import FILES, NDJSON, PARTS, ROWS, TABLE, Operation
from tests.api.story import API, Story
from tests.api.test_matrix import filled
from tests.house.rows import Rows, changed, snapshot, undone
from tests.portal import matrix as portal
from tests.portal.matrix import Page
from tests.torture import FULL

pytestmark = pytest.mark.django_db
Effect = tuple[int, dict[str, list[str]]]
DONE = (200, 201, 204, 302, 303)


# The API


def _writes() -> Iterator[tuple[Operation, str]]:
    """Writes, each with somebody who may do it; files are no objects with fields."""
    for operation in TABLE:
        part = next((one for one in PARTS[1:] if operation.status(one) in DONE), None)
        if operation.method not in ("GET", "DELETE") and part and not _sends_file(operation):
            yield operation, part


def _sends_file(operation: Operation) -> bool:
    return (operation.body or {}).get("file") in FILES


def _done(story: Story, operation: Operation, part: str, body: Any, before: Rows) -> tuple[Any, Effect]:
    """The answer, and the status with the rows that came and went."""
    options: dict[str, Any] = {"data": body}
    if operation.body and ROWS in operation.body:
        options = {"data": json.dumps(body), "content_type": NDJSON}
    with undone():
        address = API + operation.path.format(**story.names)
        response = getattr(story.client(part), operation.method.lower())(address, **options)
        text = b"".join(response) if response.streaming else response.content
        rows = changed(before)
    lines = text.splitlines() if operation.body and ROWS in operation.body else [text]
    told = json.loads(lines[0]) if lines and lines[0] else {}
    return told, (response.status_code, rows)


def _refused(told: Any) -> set[str]:
    """Names that an answer calls unknown; of those in rows the last word."""
    errors = told.get("errors", ()) if isinstance(told, dict) else ()
    return {re.split(r"[.\[]", one["field"])[-1] for one in errors if one["code"] == "unknown_field"}


def _objects(body: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """A body and the first of each list of objects within it, with the path of each."""
    if isinstance(body, dict):
        yield path, body
        for name, inside in body.items():
            yield from _objects(inside, (*path, name))
    elif isinstance(body, list) and body:
        yield from _objects(body[0], (*path, EACH))


def _known(operation: Operation, path: tuple[str, ...]) -> tuple[set[str], set[str]] | None:
    """Fields of a body, or of an object within it, and those of the answer; None where any name is one."""
    told = next(told for one, told in document()["paths"].items() if nameless(one) == _described(operation))
    one = told[operation.method.lower()]
    answered: dict[str, Any] = next(
        (answer for code, answer in one["responses"].items() if code[0] == "2"), {}
    )
    asked, given = (
        _schema(resolved(media).get("content", {}), path) for media in (one.get("requestBody", {}), answered)
    )
    if "additionalProperties" in asked:
        return None
    return set(asked.get("properties", ())), set(given.get("properties", ()))


def _schema(content: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    schema = _resolved(next(iter(content.values()), {"schema": {}})["schema"])
    for word in path:
        inside = schema.get("items", {}) if word == EACH else schema.get("properties", {}).get(word, {})
        schema = _resolved(inside)
    return schema


def _described(operation: Operation) -> str:
    return nameless(f"{API}{operation.path}")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    whole = dict(schema)
    for one in (*schema.get("allOf", ()), *schema.get("oneOf", ())[:1]):
        whole |= _resolved(one)
    if "$ref" in schema:
        whole |= _resolved(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return whole


def _with(body: Any, path: tuple[str, ...], more: dict[str, Any]) -> Any:
    """A copy of the body with more fields in the object at that path; what it says itself stays."""
    whole = copy.deepcopy(body)
    inside = dict(_objects(whole))[path]
    for name, value in more.items():
        inside.setdefault(name, value)
    return whole


def undeclared_in_api(story: Story, asked: Iterable[tuple[Operation, str]]) -> dict[str, Any]:
    """Fields that a write takes and does not describe, and what else those change that are only read."""
    every, before = columns(), snapshot()
    found: dict[str, Any] = {}
    for operation, part in asked:
        body = filled(sound(operation), story.names)
        plain = _done(story, operation, part, body, before)[1]
        for path, _inside in _objects(body):
            known = _known(operation, path)
            if known is None:
                continue
            fields, answered = known
            more = {name: value for name, value in every.items() if name not in fields}
            if fields:
                told, (status, rows) = _done(story, operation, part, _with(body, path, more), before)
                taken = more.keys() - _refused(told)
                # What is only read may be sent back as it was read.
                refused = _one_by_one(operation) or (status == 400 and taken <= answered)
                if rows or not refused:
                    place = f"{operation.method} {operation.path} {path} unknown"
                    found[place] = status, rows, sorted(taken - answered)
                more = {} if _one_by_one(operation) else {name: more[name] for name in taken & answered}
            if more and (other := _done(story, operation, part, _with(body, path, more), before)[1]) != plain:
                found[f"{operation.method} {operation.path} {path} read"] = plain, other
    return found


def _one_by_one(operation: Operation) -> bool:
    """Whether each row of a body is answered for itself: a refused one stores nothing."""
    return ROWS in (operation.body or {})


def test_every_write_changes_what_it_declares_and_nothing_else(story: Story) -> None:
    writes = list(_writes())
    assert len(writes) > 60
    assert undeclared_in_api(story, writes) == {}


def test_a_write_that_takes_what_it_does_not_declare_is_found(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Strict, "to_internal_value", serializers.ModelSerializer.to_internal_value)
    asked = [one for one in _writes() if one[0].path == "/glossary/{entry}/" and one[0].method == "PATCH"]
    assert list(undeclared_in_api(story, asked)) == ["PATCH /glossary/{entry}/ () unknown"]


# The portal


NAMES = re.compile(r"\bname=\"([\w-]+)\"")
BESIDE = {
    "demand_act": {"reason", "valid_until"},
    "supply_act": {"reason", "valid_until"},
    "match_review": {"reason"},
}
"""What a form that has no page of its own may say beside what the matrix sends."""


def _forms() -> Iterator[tuple[Page, str]]:
    for page in portal.TABLE:
        part = next((one for one in PARTS[1:] if page.status(one) in DONE), None)
        if page.method == "POST" and part and "file" not in page.form:
            yield page, part


def _address(story: Story, page: Page) -> str:
    argument = story.names.get(page.argument or "", page.argument)
    return reverse(page.name, args=[argument] if page.argument else [])


def _sent(story: Story, page: Page, part: str, form: dict[str, Any], before: Rows) -> Effect:
    person = story.people[part]
    assert person is not None
    with undone():
        client = Client(raise_request_exception=False)
        client.force_login(person)
        status = client.post(_address(story, page), form).status_code
        return status, changed(before)


def _own(story: Story, page: Page, part: str) -> set[str]:
    """Names that the form has."""
    own = set(page.form) | BESIDE.get(page.name, set())
    person = story.people[part]
    if person is not None and any((one.method, one.name) == ("GET", page.name) for one in portal.TABLE):
        client = Client()
        client.force_login(person)
        own |= set(NAMES.findall(client.get(_address(story, page)).content.decode()))
    return own


def undeclared_in_portal(story: Story, asked: Iterable[tuple[Page, str]]) -> dict[str, Any]:
    """Forms that change something else when they are sent every column beside their own fields."""
    every = {name: value for name, value in columns().items() if isinstance(value, str | int)}
    found, before = {}, snapshot()
    for page, part in asked:
        form = {
            name: value.format(**story.names) if isinstance(value, str) else value
            for name, value in page.form.items()
        }
        more = {name: value for name, value in every.items() if name not in _own(story, page, part)}
        plain, other = (_sent(story, page, part, sent, before) for sent in (form, {**more, **form}))
        if plain != other:
            found[page.name] = plain, other
    return found


def test_every_form_changes_what_it_has_and_nothing_else(story: Story) -> None:
    forms = list(_forms())
    assert len(forms) > 60
    assert undeclared_in_portal(story, forms[:: 1 if FULL else 6]) == {}


def test_a_form_that_takes_any_column_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = EntryForm.clean

    def greedy(form: EntryForm) -> Any:
        cleaned = honest(form)
        if "from_reference" in form.data:
            form.instance.from_reference = True
        return cleaned

    monkeypatch.setattr(EntryForm, "clean", greedy)
    asked = [one for one in _forms() if one[0].name == "glossary_create"]
    ((_plain, (_status, rows)),) = undeclared_in_portal(story, asked).values()
    assert '"from_reference": true' in rows["matching_glossaryentry"][0]
