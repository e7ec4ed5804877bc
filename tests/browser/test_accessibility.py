"""Every page in both languages, on an office PC and a phone: WCAG 2.2 AA, within the screen, quiet."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.urls import resolve
from playwright.sync_api import Browser

from tests.api.story import Story, tell
from tests.browser.pages import Inspector, addresses, context_of
from tests.portal import matrix

PARTS = ("office", "leader", "member", "city", "nobody")
"""Who looks at every page of theirs; the others, at those that none of these can open."""
NO_PAGES = set(
    """
    agreement_file attachment_download audit_csv calendar_feed decisions_export demand_export demand_row
    demand_template disclosure_export draft_progress favicon floor_picture gaps_export invitation_calendar
    join_confirm join_correct join_places letter_file matches_compare matches_export my_data_download
    near_misses_export node_options own_paper paper_archive paper_file paper_progress progress_export
    published_export robots row_blank run_progress supply_export supply_row supply_template understood
    upload_marked upload_progress
    """.split()
)
"""Files, fragments, ways to another page, and what the story's addresses lead nobody to."""


@pytest.fixture
def story(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Story:
    """The story of the portal's tests, stored for a real server."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    return tell()


def visits(story: Story) -> dict[str, list[str]]:
    """Addresses by the part that opens them; every page of the portal is among them."""
    shown = {part: list(addresses(story, part)) for part in PARTS}
    opened = {address for found in shown.values() for address in found}
    for part in story.people:
        left = [address for address in addresses(story, part) if address not in opened]
        opened.update(left)
        shown[part] = shown.get(part, []) + left
    return {part: found for part, found in shown.items() if found}


def test_pages_are_accessible(story: Story, live_server: Any, browser: Browser) -> None:
    faults, known = [], set[str]()
    is_page: dict[str | None, bool] = {}
    for language in ("zh-hans", "en"):
        for part, found in visits(story).items():
            context = context_of(story, browser, live_server.url, part, language)
            inspector = Inspector(context.new_page(), known)
            for address in found:
                if is_page.get(_name(address)) is False:
                    continue
                told = inspector.faults(address)
                is_page[_name(address)] = told is not None
                faults += [f"{language} {part} {address}: {fault}" for fault in told or ()]
            context.close()
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
    routes = {page.name for page in matrix.TABLE if page.method == "GET"}
    assert routes - {name for name, page in is_page.items() if page} == NO_PAGES


def _name(address: str) -> str | None:
    return resolve(address.partition("?")[0]).url_name


FAULTY = """data:text/html;charset=utf-8,<!doctype html><title>· ChainMatch</title>
<header>{menu}</header><p id=a><img src=x><p id=a style='width:600px'>x"""
SMALL = "<button style='width:9px;height:9px;padding:0' aria-label=x></button>"


def test_the_inspector_sees_faults(browser: Browser) -> None:
    page = browser.new_page()
    inspector = Inspector(page)
    words = " ".join(inspector.faults(FAULTY.format(menu=SMALL * 2)) or ())
    structure = ("no title", "no language", "not one h1", "id a twice")
    missed = (*structure, "px too wide at 390", "image-alt", "target-size")
    assert [word for word in missed if word not in words] == []
    # What stood so before is passed over, what is new is not.
    again = " ".join(inspector.faults(FAULTY.format(menu=SMALL * 3)) or ())
    page.close()
    assert "target-size" in again
    assert "image-alt" not in again
