"""The described API is the real one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from matching.http.filters import Ordering
from tests.api.matrix import PARTS, TABLE
from tests.api.story import API

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
NAME = re.compile(r"\{(\w+)\}")


def test_the_committed_description_is_current(tmp_path: Path) -> None:
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(written), lang="en", validate=True, fail_on_warn=True)
    assert written.read_text() == COMMITTED.read_text(), "run: make openapi"


def test_it_is_served_in_both_languages_made_once_and_names_no_type_by_a_label(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make: Any = SchemaGenerator.get_schema
    made: list[str | None] = []

    def counted(*args: Any, **options: Any) -> Any:
        made.append(translation.get_language())
        return make(*args, **options)

    monkeypatch.setattr(SchemaGenerator, "get_schema", counted)
    served = {}
    for language in ("en", "zh-hans"):
        asked_for = {"lang": language, "format": "json"}
        first, again = (Client().get("/api/schema/", asked_for) for _ in range(2))
        assert first.content == again.content
        assert {**first.headers, "X-Request-ID": ""} == {**again.headers, "X-Request-ID": ""}
        served[language] = first.json()
    assert made == ["en", "zh-hans"]
    assert served["en"] != served["zh-hans"]
    for document in served.values():
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        asked = [one for operation in operations for one in operation.get("parameters", ())]
        assert [one["name"] for one in asked if "title" in one.get("schema", {})] == []


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


def test_what_an_operation_answers_when_it_succeeds_is_described() -> None:
    document = yaml.safe_load(COMMITTED.read_text())
    described = {
        (method.upper(), NAME.sub("{}", path.removeprefix(API))): operation["responses"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    missing = {
        (row.method, row.path): row.status(part)
        for row in TABLE
        for part in PARTS
        if row.status(part) < 300
        and str(row.status(part)) not in described[row.method, NAME.sub("{}", row.path)]
    }
    assert missing == {}
