"""Every operation is shown by example, and every example is what the description says."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Document:
    """The committed description, which ``test_schema`` compares with the real one."""
    loaded: Document = yaml.load(COMMITTED.read_text(), Loader=yaml.CSafeLoader)
    return loaded


def _bodies(document: Document) -> Iterator[tuple[str, Document]]:
    """Where a body stands, and its media type: requests, and answers with 2xx."""
    for path in document["paths"].values():
        for operation in path.values():
            places = {"request": operation.get("requestBody", {})}
            places |= {code: told for code, told in operation["responses"].items() if code[0] == "2"}
            for place, told in places.items():
                for media in told.get("content", {}).values():
                    yield f"{operation['operationId']} {place}", media


def _faults(document: Document) -> set[str]:
    """Bodies without an example, or with one that breaks their schema."""
    checker = FormatChecker()
    faults = set()
    for place, media in _bodies(document):
        told = [_resolved(document, example) for example in media.get("examples", {}).values()]
        schema = {**media["schema"], "components": document["components"]}
        validator = Draft202012Validator(schema, format_checker=checker)
        if not told or not all(validator.is_valid(example["value"]) for example in told):
            faults.add(place)
    return faults


def _resolved(document: Document, example: Document) -> Document:
    reference = example.get("$ref")
    found: Document = (
        document["components"]["examples"][reference.rpartition("/")[2]] if reference else example
    )
    return found


def test_every_body_has_an_example_that_its_schema_allows(document: Document) -> None:
    assert len(list(_bodies(document))) > 200
    assert _faults(document) == set()


def test_an_example_that_is_missing_or_wrong_is_reported(document: Document) -> None:
    """Negative control."""
    spoilt = copy.deepcopy(document)
    bodies = dict(_bodies(spoilt))
    del bodies["me_show 200"]["examples"]
    spoilt["components"]["examples"]["DemandLine"]["value"]["state"] = "lost"
    reported = _faults(spoilt)
    assert {"me_show 200", "demand_line_retrieve 200", "demand_line_create 201"} <= reported
    assert "supply_line_retrieve 200" not in reported
