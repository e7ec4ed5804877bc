"""Whatever people type stays text on every page (RELIABILITY 29)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import Template
from django.template.engine import Engine
from pytest_django import DjangoDbBlocker

from tests.api.matrix import PARTS
from tests.api.story import Story, told_once
from tests.disclosure.crawling import crawl
from tests.portal import matrix
from tests.portal.payloads import PAYLOADS, plant, unescaped
from tests.torture import times

pytestmark = pytest.mark.django_db
READERS = (("office", "member"), PARTS)[times(0, 1)]
STARTS = range(times(1, len(PAYLOADS)))
PAGES = {page.name for page in matrix.TABLE if page.method == "GET"}


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """Told once for all tests here."""
    with told_once(django_db_blocker) as told:
        yield told


def _found(story: Story, part: str, planted: list[str], pages: Collection[str]) -> dict[str, set[str]]:
    """Payloads that a page shows that part as they were typed, by the page's name."""
    return {
        answer.door: texts
        for answer in crawl(story, part, only=pages)
        if "Content-Type: text/html" in answer.text and (texts := unescaped(answer.text, planted))
    }


@pytest.mark.parametrize("first", STARTS)
def test_no_page_has_a_text_as_it_was_typed(story: Story, first: int) -> None:
    planted = plant(first)
    assert set(planted) >= set(PAYLOADS)
    assert {part: _found(story, part, planted, PAGES) for part in READERS} == {part: {} for part in READERS}


def test_a_template_that_trusts_a_title_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    find, name = Engine.find_template, "matching/lists/line_detail.html"

    def trusting(engine: Engine, wanted: str, *other: Any, **named: Any) -> Any:
        template, origin = find(engine, wanted, *other, **named)
        if wanted != name:
            return template, origin
        source = Path(template.origin.name).read_text("utf-8")
        return Template(source.replace("{{ line.title }}", "{{ line.title|safe }}"), engine=engine), origin

    planted = plant(0)
    monkeypatch.setattr(Engine, "find_template", trusting)
    pages = ("demand_detail", "supply_detail", "demand_list")
    assert _found(story, "office", planted, pages).keys() == {"demand_detail", "supply_detail"}
