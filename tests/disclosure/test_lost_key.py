"""A server whose key is gone says so to people and to its operator, and shows no fault of the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from accounts.sealing import keys
from accounts.sealing.models import DataKey
from tests.accounts.test_keyring import NEW, OLD
from tests.api.story import Story, client_of, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Story]:
    """Lines that were sealed under a key."""
    keys.forget()
    with override_settings(FIELD_KEYS=[OLD]):
        keys.ensure()
        yield tell()
    keys.forget()


def _answers(story: Story) -> list[Any]:
    """A page, an operation and the health of a process that begins anew."""
    keys.forget()
    member = story.people["member"]
    assert member is not None
    page = Client(raise_request_exception=False)
    page.force_login(member)
    address = reverse("supply_detail", args=[story.names["verified_supply"]])
    program = client_of(member)
    program.raise_request_exception = False
    return [page.get(address), program.get("/api/v1/supply-lines/"), page.get("/healthz")]


def test_a_lost_key_is_told_in_words(story: Story, caplog: Any) -> None:
    assert [answer.status_code for answer in _answers(story)] == [200, 200, 200]
    with override_settings(FIELD_KEYS=[NEW]):
        page, operation, health = _answers(story)
    assert [answer.status_code for answer in (page, operation, health)] == [503, 503, 503]
    assert "密钥" in page.content.decode()
    assert operation.json()["errors"][0]["code"] == "data_unreadable"
    assert health.json()["keys"] == "Undecryptable"
    assert "no key in CHAINMATCH_FIELD_KEYS opens this value" in caplog.text
    assert "Traceback" not in page.content.decode() + operation.content.decode()


def test_a_data_key_that_was_not_restored_is_named(story: Story, caplog: Any) -> None:
    DataKey.objects.all().delete()
    page, operation, _health = _answers(story)
    assert [page.status_code, operation.status_code] == [503, 503]
    assert "restore the table accounts_datakey" in caplog.text
