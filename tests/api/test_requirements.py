"""Specification texts over the API: the command's JSON, the office's words, nothing stored."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from matching.chains.models import GlossaryEntry, GlossaryKind
from matching.engine.specs import as_json, parse_specification, requirement_records
from matching.engine.text import index_glossary
from matching.engine.types import Glossary
from matching.lists.models import Requirement
from tests.api.story import API, Story

TEXT = "厚度3±0.1mm，最好屈服强度不低于690MPa，外观按封样；泄漏≤0.000000012345678901234567Pa"


def _parse(story: Story, part: str = "leader", **body: Any) -> Any:
    return story.client(part).post(f"{API}/requirements/parse/", body, format="json")


def test_the_answer_is_what_the_command_prints(story: Story) -> None:
    before = Requirement.objects.count()
    response = _parse(story, text=TEXT)
    assert response.status_code == 200
    body = json.loads(response.content, parse_float=Decimal)
    none = index_glossary(Glossary())
    printed = as_json(requirement_records(TEXT, parse_specification(TEXT, none), none))
    assert body["requirements"] == json.loads(printed, parse_float=Decimal)
    assert [(item["parameter"], item["hard"]) for item in body["requirements"]] == [
        ("厚度", True),
        ("屈服强度", False),
        ("泄漏", True),
    ]
    assert body["requirements"][-1]["high"] == Decimal("0.000000000000012345678901234567")
    assert body["rest"] == [{"span": [26, 31], "text": "外观按封样"}]
    assert Requirement.objects.count() == before


def test_a_chains_own_units_are_read(story: Story) -> None:
    GlossaryEntry.objects.create(kind=GlossaryKind.UNIT, chain_id="photovoltaic", words=["垛", "600 片"])
    item = _parse(story, text="月供3垛以上", chain="photovoltaic").json()["requirements"][0]
    assert (item["low"], item["unit"], item["unit_written"]) == (1800, "片", "垛")
    assert _parse(story, text="月供3垛以上").json()["requirements"] == []


def test_an_unknown_chain_is_refused(story: Story) -> None:
    response = _parse(story, text="月供3垛以上", chain="photovoltaics")
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "chain")


@pytest.mark.parametrize(("body", "field"), [({}, "text"), ({"text": "厚" * 10_001}, "text")])
def test_what_cannot_be_read_is_refused(story: Story, body: dict[str, Any], field: str) -> None:
    response = _parse(story, **body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_an_empty_text_asks_for_nothing(story: Story) -> None:
    assert _parse(story, text="").json() == {"requirements": [], "rest": []}
