"""Every door of the product opened as somebody, and what comes out of it as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from matching.disclosure.models import Disclosure
from tests import factories
from tests.api import matrix as api
from tests.api.story import API, Story
from tests.portal import matrix as portal

ALWAYS = ("/", "/no-such-page/", "/api/schema/", "/api/v1/no-such-thing/", "/accounts/login/", "/healthz")
BEHIND = ("/overview/rows/?chain={chain}&download=1", "/overview/rows/?chain={chain}&side=supply&download=1")


@dataclass(frozen=True)
class Answer:
    """What one door gave to one part, and whose data was noted as seen by it."""

    door: str
    status: int
    text: str
    noted: frozenset[Any]


def crawl(story: Story, part: str, *, only: Collection[str] = (), writes: bool = False) -> Iterator[Answer]:
    """Every page and operation of the tables as that part, or those named; nothing that is written stays."""
    for door, method, address, form in _doors(story):
        wanted = not only or door in only
        if wanted and (writes or method == "GET"):
            yield _open(story, part, door, method, address, form)


def _doors(story: Story) -> Iterator[tuple[str, str, str, Any]]:
    for address in (*ALWAYS, *(one.format(**story.names) for one in BEHIND)):
        yield address, "GET", address, {}
    for operation in api.TABLE:
        if "FILE" not in str(operation.body):
            address = API + operation.path.format(**story.names)
            yield operation.path, operation.method, address, operation.body
    for page in portal.TABLE:
        filled = story.names.get(page.argument or "", page.argument)
        form = {
            name: text.format(**story.names) if isinstance(text, str) else text
            for name, text in page.form.items()
        }
        if "file" not in form:
            yield page.name, page.method, reverse(page.name, args=[filled] if page.argument else []), form


def _open(story: Story, part: str, door: str, method: str, address: str, form: Any) -> Answer:
    person = story.people[part]
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    if person is not None:
        client.force_login(person)
    options: dict[str, Any] = {"data": form or {}}
    if address.startswith(API) and method != "GET":
        options["content_type"] = "application/json"
    with transaction.atomic():
        before = set(Disclosure.objects.values_list("pk", flat=True))
        response: Any = getattr(client, method.lower())(address, **options)
        text = as_text(response)
        new = Disclosure.objects.exclude(pk__in=before).values_list("organisation", "side")
        noted = frozenset(new)
        transaction.set_rollback(True)
    return Answer(door, response.status_code, text, noted)


def as_text(response: Any) -> str:
    """Headers and body; of a workbook every part of it."""
    body = response.getvalue()
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return f"{head}\n{body.decode(errors='replace')}"


def firm(story: Story, part: str) -> Any:
    """The firm that a part acts for."""
    person = story.people[part]
    assert person is not None
    return factories.firm_of(person)
