"""Requests made up from the description: no role breaks the server, or its word (RELIABILITY 26)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from rest_framework.response import Response
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chainmatch.wsgi import application
from matching.chains.api import ChainView, KindView
from tests import factories
from tests.api.matrix import FILES, NDJSON, ROWS, TABLE, Operation
from tests.api.story import API, Story, told_once
from tests.torture import times

pytestmark = pytest.mark.django_db
PARTS = ("office", "leader", "member", "auditor", "nobody")
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
NAME = re.compile(r"\{(\w+)\}")
DECLARED = {(one.method, NAME.sub("{}", one.path)): one for one in TABLE}
CASES = times(1, 1 + 10_000 // len(TABLE))
"""Made-up requests for each operation and role, beside the sound one; 10,000 a role in the full run."""


@schemathesis.serializer(NDJSON)
def rows(_context: Any, value: Any) -> bytes:
    """A generated document as the only row of a body."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer(NDJSON)
def first_row(_context: Any, response: Any) -> Any:
    """The first row of an answer, which the schema describes."""
    return json.loads(response.content.splitlines()[0])


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """Told once; requests outside Django's test client would close the connection that its rows live on."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    with told_once(django_db_blocker) as told:
        yield told
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def described(story: Story) -> list[Any]:
    """Operations as their description has them, from the running server."""
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    results: Any = schema.get_all_operations()
    return [result.ok() for result in results]


@dataclass
class Tried:
    """What came of the requests of one role; ``opened``: those to operations that the matrix opens to it."""

    part: str
    statuses: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def send(self, case: Any, headers: dict[str, str]) -> None:
        """Send a request, undo what it did, and note its status and faults."""
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        self.statuses.append(response.status_code)
        if _row(case.operation).status(self.part) < 300:
            self.opened.append(response.status_code)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as found:
            told = "; ".join(f"{one.title}: {one.message}" for one in found.exceptions)
            self.faults.setdefault(f"{case.method} {case.operation.path}", f"{response.status_code} {told}")


def _row(operation: Any) -> Operation:
    return DECLARED[operation.method.upper(), NAME.sub("{}", operation.path.removeprefix(API))]


def _ids(operation: Any, story: Story) -> dict[str, str]:
    """Path parameters with ids that exist."""
    known = NAME.findall(_row(operation).path)
    asked = NAME.findall(operation.path)
    return {name: str(story.names[one]) for name, one in zip(asked, known, strict=True)}


def _sound(operation: Any, story: Story) -> Any:
    """The request as the matrix has it; None where it sends a file."""
    body = _row(operation).body
    if body is not None and body.get("file") in FILES:
        return None
    sent: dict[str, Any] = {}
    if body is not None:
        filled = json.dumps(body.get(ROWS, body))
        sent["body"] = json.loads(NAME.sub(lambda found: str(story.names[found[1]]), filled))
        sent["media_type"] = NDJSON if ROWS in body else "application/json"
    return operation.Case(path_parameters=_ids(operation, story), **sent)


def _try(operation: Any, story: Story, headers: dict[str, str], tried: Tried) -> None:
    """The sound request, and then such as the description allows and forbids, for ids that exist or don't."""
    sound = _sound(operation, story)
    if sound is not None:
        tried.send(sound, headers)
    ids = _ids(operation, story)
    cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE) | operation.as_strategy(
        generation_mode=GenerationMode.NEGATIVE
    )

    @hypothesis.settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @hypothesis.given(case=cases, real=st.booleans(), whole=st.booleans())
    def one(case: Any, real: bool, whole: bool) -> None:
        if sound is not None and whole:
            case.path_parameters, case.body, case.media_type = ids, sound.body, sound.media_type
            case.headers.clear()  # a made-up If-Match would let nothing be written
        elif ids and real:
            case.path_parameters = ids
        tried.send(case, headers)

    one()


def _all(story: Story, described: list[Any], part: str) -> Tried:
    person, headers = story.people[part], {}
    tried = Tried(part)
    with transaction.atomic():
        if person is not None:
            _row, token = factories.make_token(person)
            headers = {"Authorization": f"Bearer {token}"}
        for operation in described:
            _try(operation, story, headers, tried)
        transaction.set_rollback(True)
    return tried


@pytest.mark.parametrize("part", PARTS)
def test_no_request_breaks_the_server_or_its_word(story: Story, described: list[Any], part: str) -> None:
    tried = _all(story, described, part)
    assert tried.faults == {}, list(tried.faults)
    assert max(tried.statuses) < 500
    assert len(tried.statuses) >= times(len(described), 10_000)
    assert 3 * sum(status < 300 for status in tried.opened) >= len(tried.opened)
    assert bool(tried.opened) == (part != "nobody")


def test_a_fault_is_found(story: Story, described: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KindView, "list", lambda *_: Response({"no": "list"}))
    monkeypatch.setattr(ChainView, "list", lambda *_: Response(status=500))
    doors = {f"{API}/kinds/", f"{API}/chains/"}
    tried = _all(story, [operation for operation in described if operation.path in doors], "office")
    assert tried.faults.keys() == {f"GET {door}" for door in doors}
