"""Whose role has ended can't do anything with a form any more: not in the old session, not in a new one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts.models import Membership, User
from matching.chains import access
from tests.api.matrix import FILES, PARTS
from tests.api.story import Story, told_once
from tests.house.rows import changed, snapshot, undone
from tests.portal.matrix import TABLE, TO_SIGN_IN, Page

pytestmark = pytest.mark.django_db
OWN = {"choose_language", "session_end", "token_create", "token_revoke", "application_revoke"} | {
    *("notices_read", "notice_settings", "notice_unsubscribe", "my_data_erase", "application_create"),
    *("recognised", "recognised_add", "application_rotate"),
}
"""Forms about one's own account, or about nothing that is stored: they ask for no role."""
DONE = (200, 302, 303)


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """Told once for all tests here."""
    with told_once(django_db_blocker) as told:
        yield told


def _writers() -> list[tuple[Page, str]]:
    """Forms that ask for a role, each with somebody who may send it."""
    return [
        (page, part)
        for page in TABLE
        if page.method == "POST" and page.name not in OWN and not page.public
        for part in [next((one for one in PARTS[1:] if page.status(one) in DONE), None)]
        if part is not None
    ]


def _send(story: Story, client: Client, page: Page) -> int:
    argument = story.names.get(page.argument or "", page.argument)
    address = reverse(page.name, args=[argument] if page.argument else [])
    form: dict[str, Any] = {
        name: text.format(**story.names) if isinstance(text, str) else text
        for name, text in page.form.items()
    }
    if form.get("file") in FILES:
        form["file"] = SimpleUploadedFile(*FILES[form["file"]])
    return int(client.post(address, form).status_code)


def _outlived(story: Story, pages: list[tuple[Page, str]]) -> dict[str, Any]:
    """Forms that still do something for a person without a role: the two answers, and the rows."""
    found = {}
    for page, part in pages:
        person = User.objects.get(pk=story.people[part].pk)  # type: ignore[union-attr]
        client = Client(raise_request_exception=False)
        with undone():
            client.force_login(person)
            Membership.objects.filter(user=person).update(is_active=False)
            before = snapshot()
            old = _send(story, client, page)
            again = Client(raise_request_exception=False)
            again.force_login(User.objects.get(pk=person.pk))
            new = _send(story, again, page)
            rows = {name for name in changed(before) if name != "accounts_user"}
            if old != TO_SIGN_IN or new not in (403, 404) or rows:
                found[page.name] = (old, new, rows)
    return found


def test_every_form_asks_for_the_role_anew(story: Story) -> None:
    forms = _writers()
    assert len(forms) > 40
    assert _outlived(story, forms) == {}


def test_a_form_that_asks_for_no_role_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User, "get_session_auth_hash", lambda _person: "as ever")
    monkeypatch.setattr(access, "can_edit_glossary", lambda _person: True)
    monkeypatch.setattr(access, "can_edit_all_chains", lambda _person: True)
    monkeypatch.setattr(access, "glossary_chains", lambda _person: ["photovoltaic"])
    forms = [(page, part) for page, part in _writers() if page.name == "glossary_create"]
    assert _outlived(story, forms) == {"glossary_create": (303, 422, {"matching_glossaryentry"})}
