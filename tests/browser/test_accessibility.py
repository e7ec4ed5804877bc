"""Every page in both languages, on an office PC and a phone: WCAG 2.2 AA, within the screen, quiet."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser

from tests.api.story import Story, tell
from tests.browser.pages import Inspector, addresses, context_of

LEAST_PAGES = {"nobody": 2, "office": 30, "leader": 12, "member": 12, "city": 12}


@pytest.fixture
def story(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Story:
    """The story of the portal's tests, stored for a real server."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    return tell()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_are_accessible(story: Story, live_server: Any, browser: Browser, language: str) -> None:
    faults = []
    for part, least in LEAST_PAGES.items():
        context = context_of(story, browser, live_server.url, part, language)
        inspector = Inspector(context.new_page())
        seen = 0
        for address in addresses(story, part):
            found = inspector.faults(address)
            seen += found is not None
            faults += [f"{part} {address}: {fault}" for fault in found or ()]
        context.close()
        assert seen >= least
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_the_inspector_sees_faults(browser: Browser) -> None:
    page = browser.new_page()
    inspector = Inspector(page)
    found = inspector.faults(
        "data:text/html;charset=utf-8,<!doctype html><title>· ChainMatch</title>"
        "<p id=a><img src=x><p id=a style='width:600px'>x"
    )
    page.close()
    words = " ".join(found or ())
    missed = ("no title", "no language", "not one h1", "id a twice", "px too wide at 390", "image-alt")
    assert [word for word in missed if word not in words] == []
