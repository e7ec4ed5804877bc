"""Every page, as everybody: the table is complete and true, and no page breaks the content policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django import DjangoDbBlocker

from chainmatch.urls import ROOMS_PORTAL
from tests.api.matrix import FILES, PARTS
from tests.api.story import SECRETS, Story, told_once
from tests.portal.conftest import Browser
from tests.portal.matrix import TABLE, Page

pytestmark = pytest.mark.django_db
ABSENT = "00000000-0000-4000-8000-000000000000"
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:"
    r"|\b(?:src|srcset|href|action|data|poster)=[\"']?\s*(?:https?:)?//(?!testserver)"
)


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """Told once for all tests here."""
    with told_once(django_db_blocker) as told:
        yield told


def test_every_route_is_in_the_table() -> None:
    routes = {route.name for room in ROOMS_PORTAL for route in room.urlpatterns}
    assert {page.name for page in TABLE} == routes
    assert len({(page.method, page.name) for page in TABLE}) == len(TABLE)


def _methods(client: Client, address: str) -> set[str]:
    """Methods that a page takes by its own word, told to whoever comes with another one."""
    answer = client.put(address)
    return {one.strip() for one in answer.get("Allow", "").split(",")} if answer.status_code == 405 else set()


def _undeclared_methods(story: Story, browser: Browser) -> set[tuple[str, str]]:
    client, found = browser("office"), set()
    for page in TABLE:
        argument = story.names.get(page.argument or "", page.argument)
        taken = _methods(client, reverse(page.name, args=[argument] if page.argument else []))
        found |= {(method, page.name) for method in taken - {"HEAD", "OPTIONS"}}
    return found - {(page.method, page.name) for page in TABLE}


def test_every_form_is_in_the_table(story: Story, browser: Browser) -> None:
    assert _undeclared_methods(story, browser) == set()


def test_a_form_that_is_left_out_is_found(
    story: Story, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = next(page for page in TABLE if (page.method, page.name) == ("POST", "glossary_create"))
    monkeypatch.setattr(f"{__name__}.TABLE", [page for page in TABLE if page is not form])
    assert _undeclared_methods(story, browser) == {("POST", "glossary_create")}


def ask(story: Story, browser: Browser, page: Page, part: str, argument: Any = None) -> Any:
    """The page asked for by that part; nothing of it stays."""
    filled = argument or story.names.get(page.argument or "", page.argument)
    address = reverse(page.name, args=[filled] if page.argument else [])
    form: dict[str, Any] = {
        name: text.format(**story.names) if isinstance(text, str) else text
        for name, text in page.form.items()
    }
    if form.get("file") in FILES:
        form["file"] = SimpleUploadedFile(*FILES[form["file"]])
    with transaction.atomic():
        response = getattr(browser(part), page.method.lower())(address, form)
        response.body = response.getvalue().decode(errors="replace")
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("part", PARTS)
def test_who_gets_what(story: Story, browser: Browser, part: str) -> None:
    wrong = {
        (page.method, page.name): (response.status_code, page.status(part))
        for page in TABLE
        if (response := ask(story, browser, page, part)).status_code != page.status(part)
    }
    assert wrong == {}


@pytest.mark.parametrize("part", ["office", "leader", "member"])
def test_pages_obey_the_content_policy(story: Story, browser: Browser, part: str) -> None:
    found = {}
    for page in TABLE:
        response = ask(story, browser, page, part)
        if "text/html" in response.get("Content-Type", "") and response.body:
            assert "default-src 'self'" in response["Content-Security-Policy"]
            if inline := INLINE.findall(response.body):
                found[page.name] = inline
    assert found == {}


def test_an_absent_id_answers_like_a_foreign_one(story: Story, browser: Browser) -> None:
    kinds = {
        route.name: re.search(r"<(\w+:pk)>", str(route.pattern))
        for room in ROOMS_PORTAL
        for route in room.urlpatterns
        if isinstance(route, URLPattern)
    }
    for page in TABLE:
        kind = kinds[page.name]
        if kind is not None and kind[1] == "uuid:pk":
            foreign = [part for part in PARTS if page.status(part) == 404]
            absent = ask(story, browser, page, "office", ABSENT)
            assert absent.status_code in (404, 403 if page.status("office") == 403 else 404), page
            for part in foreign[:1]:
                theirs = ask(story, browser, page, part)
                missing = ask(story, browser, page, part, ABSENT)
                assert _without_tokens(theirs) == _without_tokens(missing), page


def _without_tokens(response: Any) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', "", response.body)


def test_wrong_methods_are_refused(story: Story, browser: Browser) -> None:
    for page in TABLE:
        if page.method == "POST" and (page.name, "GET") not in {
            (other.name, other.method) for other in TABLE
        }:
            filled = story.names.get(page.argument or "", page.argument)
            address = reverse(page.name, args=[filled] if page.argument else [])
            assert browser("office").get(address).status_code == 405, page.name


def test_error_pages_wear_our_clothes(story: Story, browser: Browser) -> None:
    missing = browser("leader").get("/no-such-page/")
    refused = browser("leader").get(reverse("verification"))
    assert missing.status_code == 404
    assert refused.status_code == 403
    assert "portal.css" in missing.content.decode()
    assert "Your role does not allow this." in refused.content.decode()


@pytest.mark.parametrize("part", ["department", "head", "city"])
def test_offices_that_do_not_run_the_chain_see_no_secret(story: Story, browser: Browser, part: str) -> None:
    assert SECRETS
    page = browser(part).get(reverse("demand_detail", args=[story.names["verified_demand"]]))
    assert "Price ceiling" not in page.content.decode()
    assert "price ceiling" not in page.content.decode()
    if part == "city":
        return
    near = browser(part).get(reverse("run_near_misses", args=[story.names["run"]])).content.decode()
    assert "12.5 元" not in near
    assert "13.75 元" not in near


def test_the_chain_office_sees_both_values_of_a_price(story: Story, browser: Browser) -> None:
    near = browser("office").get(reverse("run_near_misses", args=[story.names["run"]])).content.decode()
    assert "12.5 元" in near
    assert "13.75 元" in near
