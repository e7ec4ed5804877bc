"""Every operation with a token that has ended, and as a program: 401, and what an integrator gets."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import resolve
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import PersonalToken
from accounts.scopes import OF_APPLICATIONS, needed
from tests import factories
from tests.accounts.credentials.test_applications import access_token
from tests.accounts.credentials.test_tokens import bearer
from tests.api.matrix import TABLE, Operation
from tests.api.story import API, Story
from tests.api.test_matrix import ask
from tests.torture import FULL

pytestmark = pytest.mark.django_db
WITHIN_SAMPLE = ("GET", "DELETE")


def _token(story: Story, state: str) -> APIClient:
    person = story.people["leader"]
    assert person is not None
    token, secret = factories.make_token(person)
    if state == "expired":
        PersonalToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    elif state == "revoked":
        token.delete()
    return bearer(secret)


def _not_refused(story: Story, client: APIClient) -> set[tuple[str, str]]:
    return {
        (one.method, one.path)
        for one in TABLE
        if getattr(client, one.method.lower())(API + one.path.format(**story.names)).status_code != 401
    }


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_a_token_that_has_ended_opens_nothing(story: Story, state: str) -> None:
    assert _not_refused(story, _token(story, state)) == set()


def test_a_token_that_does_not_end_is_reported(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PersonalToken, "has_expired", False)
    found = _not_refused(story, _token(story, "expired"))
    assert {("GET", "/me/"), ("GET", "/demand-lines/{verified_demand}/")} <= found


def _scope(story: Story, operation: Operation) -> str:
    """The scope that the operation needs."""
    view: Any = resolve(API + operation.path.format(**story.names)).func
    scope = needed(view.initkwargs["basename"], view.actions[operation.method.lower()], operation.method)
    assert scope is not None, operation
    return scope


def test_a_program_gets_what_an_integrator_gets(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    person = story.people["leader"]
    assert person is not None
    client = bearer(access_token(*factories.make_application(person)))
    monkeypatch.setattr(Story, "client", lambda _story, _part: client)
    wrong = {}
    for operation in TABLE:
        if FULL or operation.method in WITHIN_SAMPLE:
            scope = _scope(story, operation)
            wanted = operation.status("integrator") if scope in OF_APPLICATIONS else 403
            if (came := ask(story, operation, "integrator")[0].status_code) != wanted:
                wrong[operation.method, operation.path] = came, wanted
    assert wrong == {}
