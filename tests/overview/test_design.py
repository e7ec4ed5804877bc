"""The design page: what it says of the colours holds, and it shows every state there is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from matching.overview.palette import LEAST_CONTRAST, STYLES, colours, contrast
from matching.overview.portal.design import STATEFUL

STATE = re.compile(r'class="badge state state-(\w+)"')


def test_contrast_is_counted_as_the_guidelines_do() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#ffffff", "#767676"), 2) == 4.54
    assert contrast("#336699", "#336699") == 1


def test_every_colour_of_text_can_be_read() -> None:
    assert [colour for colour in colours() if colour.contrast < LEAST_CONTRAST] == []


@pytest.mark.django_db
def test_visitors_see_every_state_and_every_colour() -> None:
    page = Client().get("/design/").content.decode()
    states = {code for model in STATEFUL for code, _label in model._meta.get_field("state").flatchoices}  # type: ignore[union-attr]
    assert set(STATE.findall(page)) == states
    rules = (STYLES.parent / "design.css").read_text("utf-8")
    used = {name for colour in colours() for name in (f"text-{colour.text}", f"on-{colour.ground}")}
    assert {name for name in used if f".{name} {{" not in rules} == set()
    assert all(f"text-{colour.text} on-{colour.ground}" in page for colour in colours())


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "status"), [("example", 200), ("other", 404)])
def test_its_chart_is_downloaded_like_every_other(key: str, status: int) -> None:
    assert Client().get("/design/", {"download": key}).status_code == status
