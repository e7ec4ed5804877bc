"""Every operation, as everybody: the table is complete and true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern
from pytest_django import DjangoDbBlocker

from chainmatch.urls import router
from tests.api.matrix import FILES, NDJSON, PARTS, ROWS, TABLE, Operation
from tests.api.story import API, Story, told_once

pytestmark = pytest.mark.django_db
ABSENT = ("00000000-0000-4000-8000-000000000000", "no-id-at-all")
RESOURCES = sorted({operation.path.split("/")[1] for operation in TABLE})


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """Told once for all tests here."""
    with told_once(django_db_blocker) as told:
        yield told


def _operations() -> set[tuple[str, str]]:
    found = set()
    for route in router.urls:
        assert isinstance(route, URLPattern)
        path = re.sub(r"\(\?P<\w+>\[\^[^]]*\]\+\)", "{}", str(route.pattern)).strip("^$")
        for method in route.callback.actions.keys() - {"head"}:  # type: ignore[attr-defined]
            found.add((method.upper(), f"/{path}"))
    return found


def test_every_operation_is_in_the_table() -> None:
    table = {(operation.method, re.sub(r"\{\w+\}", "{}", operation.path)) for operation in TABLE}
    assert table == _operations()
    assert len(table) == len(TABLE)


def filled(body: Any, names: dict[str, Any]) -> Any:
    """A body with the story's ids in place of their names."""
    return json.loads(re.sub(r"\{(\w+)\}", lambda found: str(names[found[1]]), json.dumps(body)))


def ask(story: Story, operation: Operation, part: str, **other: Any) -> tuple[Any, bytes]:
    """The operation done by that part, with the body of its answer; nothing of it stays."""
    with transaction.atomic():
        answer = do(story, operation, part, **other)
        transaction.set_rollback(True)
    return answer


def do(story: Story, operation: Operation, part: str, **other: Any) -> tuple[Any, bytes]:
    """The operation done by that part, with the body of its answer."""
    path = API + operation.path.format(**story.names | other)
    options: dict[str, Any] = {}
    if operation.body is not None and operation.body.get("file") in FILES:
        sent = SimpleUploadedFile(*FILES[operation.body["file"]])
        options = {"data": {"file": sent}, "format": "multipart"}
    elif operation.body is not None and ROWS in operation.body:
        options = {"data": json.dumps(filled(operation.body[ROWS], story.names)), "content_type": NDJSON}
    elif operation.body is not None:
        options = {"data": filled(operation.body, story.names | other)}
    response = getattr(story.client(part), operation.method.lower())(path, **options)
    return response, b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize("resource", RESOURCES)
def test_who_may_do_what(story: Story, resource: str) -> None:
    wrong = {
        (operation.method, operation.path, part): (response.status_code, operation.status(part))
        for operation in TABLE
        if operation.path.split("/")[1] == resource
        for part in PARTS
        if (response := ask(story, operation, part)[0]).status_code != operation.status(part)
    }
    assert wrong == {}


def _compared(operation: Operation) -> list[str]:
    """Parts to whom the object does not exist, where others see it."""
    if set(operation.by_part.values()) <= {404}:
        return []
    return [part for part in PARTS if operation.status(part) == 404]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_foreign_id_and_an_absent_id_answer_the_same(story: Story, resource: str) -> None:
    for operation in TABLE:
        if operation.path.split("/")[1] != resource:
            continue
        for part in _compared(operation)[:3]:
            foreign = _seen(ask(story, operation, part))
            in_path = re.findall(r"\{(\w+)\}", operation.path)
            last = (in_path or re.findall(r"\{(\w+)\}", json.dumps(operation.body)))[-1]
            # What is no id at all is malformed in a body.
            for absent in ABSENT if in_path else ABSENT[:1]:
                assert _seen(ask(story, operation, part, **{last: absent})) == foreign


def _seen(answer: tuple[Any, bytes]) -> tuple[int, bytes, dict[str, str]]:
    response, body = answer
    ours = ("Expires", "X-Request-ID")  # of the moment, not of the object
    headers = {name: value for name, value in response.headers.items() if name not in ours}
    return response.status_code, body, headers
