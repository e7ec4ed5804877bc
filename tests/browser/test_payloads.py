"""Texts that want to become script stay texts in a real browser, whoever reads them (RELIABILITY 29)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections, transaction
from django.template import Template
from django.template.engine import Engine
from django.urls import resolve, reverse
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request, Response

from matching.lists.models import DemandLine
from tests.api.matrix import PARTS
from tests.api.story import Story, tell
from tests.browser.pages import addresses, context_of
from tests.portal.payloads import PAYLOADS, plant
from tests.torture import FULL, times

READERS = PARTS if FULL else ("office", "member", "leader", "city", "security_admin")
STARTS = range(times(1, len(PAYLOADS)))
INJECTED = """() => [
    ...document.querySelectorAll(
        "base, meta[http-equiv='refresh' i], link[href*='evil.example'], style, iframe, object, embed, "
        + "script:not([src]), script[src^='data:'], img[src='x'], audio, video, math, details[ontoggle], "
        + "svg[onload], a[href^='javascript:' i], button[formaction^='javascript:' i], input[onfocus], "
        + "[hx-on\\\\:htmx\\\\:load]"
    ),
    ...[...document.querySelectorAll("*")].filter(
        (one) => [...one.attributes].some((attribute) => attribute.name.startsWith("on"))
    ),
].map((one) => one.outerHTML.slice(0, 120)).concat("__xss" in window ? ["a script ran"] : [])"""


class Watch:
    """One page of a browser, and everything in it that text should never bring about."""

    def __init__(self, page: Page, server: str) -> None:
        self._page, self._host, self._found = page, urlsplit(server).netloc, set[str]()
        page.on("dialog", self._dismiss)
        page.on("console", self._listen)
        page.on("request", self._follow)
        page.on("response", self._policy)

    def faults(self, address: str) -> set[str]:
        """What came of opening a page."""
        self._found = set()
        try:
            self._page.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            return set()
        return self._found | set(self._page.evaluate(INJECTED))

    def _dismiss(self, dialog: Dialog) -> None:
        self._found.add(f"dialog {dialog.message}")
        dialog.dismiss()

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self._found.add(message.text[:200])

    def _follow(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != self._host:
            self._found.add(f"asked {request.url}")

    def _policy(self, response: Response) -> None:
        policy = response.headers.get("content-security-policy", "")
        is_page = response.headers.get("content-type", "").startswith("text/html")
        if is_page and ("default-src 'self'" not in policy or "unsafe-" in policy):
            self._found.add(f"policy {policy}")


@pytest.fixture
def story(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Story:
    """The story, stored for a real server."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    return tell()


def _plant(first: int) -> None:
    with transaction.atomic():
        plant(first)


def _opened(story: Story) -> Iterator[tuple[str, list[str]]]:
    """Every part with its pages; in the sample a page is opened by the first part that may."""
    seen: set[str] = set()
    for part in READERS:
        own = [one for one in addresses(story, part) if FULL or resolve(urlsplit(one).path).route not in seen]
        seen |= {resolve(urlsplit(one).path).route for one in own}
        yield part, own


def _found(
    story: Story, browser: Browser, server: str, pages: Iterable[tuple[str, list[str]]]
) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for part, own in pages:
        context = context_of(story, browser, server, part, "en")
        watch = Watch(context.new_page(), server)
        found |= {(part, address): faults for address in own if (faults := watch.faults(address))}
        context.close()
    return found


@pytest.mark.parametrize("first", STARTS)
def test_no_text_becomes_more_than_text(story: Story, live_server: Any, browser: Browser, first: int) -> None:
    _plant(first)
    pages = list(_opened(story))
    assert sum(len(own) for _part, own in pages) > 60
    assert _found(story, browser, live_server.url, pages) == {}


def test_a_text_that_is_trusted_is_found(
    story: Story, live_server: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, name = Engine.find_template, "matching/lists/line_detail.html"

    def trusting(engine: Engine, wanted: str, *other: Any, **named: Any) -> Any:
        template, origin = find(engine, wanted, *other, **named)
        if wanted != name:
            return template, origin
        source = Path(template.origin.name).read_text("utf-8")
        return Template(source.replace("{{ line.title }}", "{{ line.title|safe }}"), engine=engine), origin

    monkeypatch.setattr(Engine, "find_template", trusting)
    line = story.names["verified_demand"]
    DemandLine.objects.filter(pk=line).update(title="<img src=x onerror=__xss=1>")
    address = reverse("demand_detail", args=[line])
    found = _found(story, browser, live_server.url, [("office", [address])])
    assert found.keys() == {("office", address)}
