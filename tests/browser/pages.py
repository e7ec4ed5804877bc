"""Every page that a part of the story can open, and what a browser finds wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.api.story import Story
from tests.portal import matrix

OFFICE_PC = (1366, 768)
PHONE = (390, 844)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# The menu, the foot, and each part of the main part.
CUT = """[...document.body.children].flatMap((one) => one.matches("main") ? [...one.children] : [one])"""
SECTIONS = f"""() => {{
    const styles = [...document.querySelectorAll("link[rel=stylesheet]")].map((one) => one.href);
    return {CUT}.map((one) => {{
        const copy = one.cloneNode(true);
        copy.querySelectorAll("input[type=hidden]").forEach((hidden) => hidden.remove());
        return [document.documentElement.lang, ...styles, copy.outerHTML].join(" ");
    }});
}}"""
# Axe comes through the debugging protocol: the content policy holds for the page, not for its inspector.
AXE = f"""async ([known, rules]) => {{
    const sections = {CUT};
    const context = {{include: [document], exclude: known.map((place) => sections[place])}};
    return (await axe.run(context, rules)).violations.map((one) => ({{
        name: `${{one.id}} (${{one.help}})`,
        places: one.nodes.slice(0, 3)
            .map((node) => `${{node.target[0]}} ${{node.failureSummary.slice(0, 240)}}`),
    }}));
}}"""
STRUCTURE = """() => [
    ...(document.title.trim().startsWith("·") ? ["no title"] : []),
    ...(document.documentElement.lang ? [] : ["no language"]),
    ...(document.querySelectorAll("h1").length === 1 ? [] : ["not one h1"]),
    ...[...document.querySelectorAll("[id]")].map((one) => one.id)
        .filter((id, place, all) => all.indexOf(id) !== place).map((id) => `id ${id} twice`),
]"""
ASKED_UNASKED = "/favicon.ico"
"""What a browser asks for beside a fragment, which names no icon."""
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def addresses(story: Story, part: str) -> Iterator[str]:
    """Addresses of what that part may GET."""
    for page in matrix.TABLE:
        if page.method == "GET" and page.status(part) == 200:
            yield address_of(story, page)


def address_of(story: Story, page: matrix.Page) -> str:
    """Where that page of the story stands."""
    argument = story.names.get(page.argument or "", page.argument)
    query = "&".join(f"{name}={value}".format(**story.names) for name, value in page.form.items())
    address = reverse(page.name, args=[argument] if page.argument else [])
    return f"{address}?{query}" if query else address


def context_of(story: Story, browser: Browser, server: str, part: str, language: str) -> BrowserContext:
    """A browser of that part, signed in, reading that language."""
    context = browser.new_context(base_url=server)
    cookies = {"django_language": language}
    person = story.people[part]
    if person is not None:
        client = Client()
        client.force_login(person)
        cookies["sessionid"] = client.cookies["sessionid"].value
    context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])
    return context


class Inspector:
    """Opens pages and tells what is wrong with them.

    A section, such as the menu, that stood on an earlier page just so has been looked at: axe passes over it.
    """

    def __init__(self, page: Page, known: set[str] | None = None) -> None:
        self.page = page
        self._found: list[str] = []
        self._known = set() if known is None else known
        self._axe = Axe().axe_script
        self._sizes = (OFFICE_PC, PHONE)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self._found.append(str(error)))

    def faults(self, address: str) -> list[str] | None:
        """Faults of a page at both widths, None for what is no page: a fragment, a file."""
        self._found.clear()
        self._resize(self._sizes[0])
        if not self._opens(address):
            return None
        self._look()
        # The next page opens at the width that this one was left at.
        self._sizes = (self._sizes[1], self._sizes[0])
        return self._found.copy()

    def _look(self) -> None:
        self._found += self.page.evaluate(STRUCTURE)
        sections = self.page.evaluate(SECTIONS)
        known = [place for place, section in enumerate(sections) if section in self._known]
        if new := len(known) < len(sections):
            self.page.evaluate(self._axe)
        for size in self._sizes:
            self._resize(size)
            if (excess := self.page.evaluate(EXCESS)) > 0:
                self._found.append(f"{excess} px too wide at {size[0]} px")
            if new:
                violations = self.page.evaluate(AXE, [known, RULES])
                self._found += [f"at {size[0]} px: {_in_words(one)}" for one in violations]
        self._known.update(sections)

    def _resize(self, size: tuple[int, int]) -> None:
        if self.page.viewport_size != {"width": size[0], "height": size[1]}:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def _opens(self, address: str) -> bool:
        try:
            self.page.goto(address, wait_until="domcontentloaded")
        except Error as error:
            if "Download is starting" in str(error):
                return False
            raise
        return bool(self.page.evaluate("document.doctype !== null"))

    def _listen(self, message: ConsoleMessage) -> None:
        """Errors of scripts and of the content policy, and answers of 400 and over."""
        url = message.location.get("url", "")
        if message.type == "error" and not url.endswith(ASKED_UNASKED):
            self._found.append(f"{message.text} ({url})")


def _in_words(violation: dict[str, Any]) -> str:
    places = "; ".join(" ".join(place.split()) for place in violation["places"])
    return f"{violation['name']}: {places}"
