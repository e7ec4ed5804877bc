"""The described API is the real one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
import yaml
from django.core import signals
from django.core.management import call_command
from django.db import close_old_connections, transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chainmatch.wsgi import application
from matching.http.filters import Ordering
from tests import factories
from tests.api.matrix import NDJSON, TABLE
from tests.api.story import API, Story

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


@schemathesis.serializer(NDJSON)
def rows(_context: Any, value: Any) -> bytes:
    """A generated document as the only row of a body."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer(NDJSON)
def first_row(_context: Any, response: Any) -> Any:
    """The first row of an answer, which the schema describes."""
    return json.loads(response.content.splitlines()[0])


CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
NAME = re.compile(r"\{(\w+)\}")
ROWS = {(operation.method, NAME.sub("{}", operation.path)): operation.path for operation in TABLE}


def test_the_committed_description_is_current(tmp_path: Path) -> None:
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(written), lang="en", validate=True, fail_on_warn=True)
    assert written.read_text() == COMMITTED.read_text(), "run: make openapi"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_orders_are_described_alike_whatever_the_language_when_they_are_made(language: str) -> None:
    with translation.override(language):
        choices = Ordering(fields=(("meeting__date", "date"),)).extra["choices"]
    assert choices == [("date", "Date"), ("-date", "Date (descending)")]


def test_operations_are_named_once_and_have_words() -> None:
    document = yaml.safe_load(COMMITTED.read_text())
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) == len(TABLE)
    assert all(operation["description"] and len(operation["tags"]) == 1 for operation in operations)
    assert document["openapi"].startswith("3.1")


def test_no_operation_id_goes() -> None:
    """Generated clients call operations by these names: new ones join the list, none leaves it."""
    document = yaml.safe_load(COMMITTED.read_text())
    present = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    promised = set((Path(__file__).parent / "operation_ids.txt").read_text().split())
    assert promised - present == set()
    assert present - promised == set(), "add them to operation_ids.txt"


def _real_ids(operation: Any, names: dict[str, Any]) -> dict[str, str]:
    """Path parameters of an operation with ids that exist."""
    path = operation.path.removeprefix(API)
    row = ROWS[operation.method.upper(), NAME.sub("{}", path)]
    return {
        asked: str(names[known]) for asked, known in zip(NAME.findall(path), NAME.findall(row), strict=True)
    }


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests outside Django's test client would close the connection that the test's rows live on."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("part", ["office", "leader", "member"])
def test_no_request_breaks_the_server_or_its_word(story: Story, part: str) -> None:
    person = story.people[part]
    assert person is not None
    _row, token = factories.make_token(person)
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    statuses: list[int] = []
    results: Iterator[Any] = schema.get_all_operations()
    for result in results:
        _try(result.ok(), story, {"Authorization": f"Bearer {token}"}, statuses)
    assert max(statuses) < 500
    assert sum(status < 300 for status in statuses) > len(statuses) // 8


def _try(operation: Any, story: Story, headers: dict[str, str], statuses: list[int]) -> None:
    real = _real_ids(operation, story.names)
    cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE) | operation.as_strategy(
        generation_mode=GenerationMode.NEGATIVE
    )

    @hypothesis.settings(
        max_examples=3,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @hypothesis.given(case=cases, exists=st.booleans())
    def one(case: Any, exists: bool) -> None:
        if real and exists:
            case.path_parameters = real
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        statuses.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    one()
