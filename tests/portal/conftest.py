"""The story of the portal's tests: the API's, with browsers instead of clients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from tests.api.story import Story, tell

Browser = Callable[[str], Client]


@pytest.fixture
def story(db: None, settings: Settings) -> Story:
    """The story, told anew for each test; nobody in it types a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tell()


@pytest.fixture
def browser(story: Story) -> Browser:
    """A browser signed in as a part of the story, reading English; ``nobody`` is not signed in."""

    def open_as(part: str) -> Client:
        client = Client(raise_request_exception=True)
        client.cookies["django_language"] = "en"
        person = story.people[part]
        if person is not None:
            client.force_login(person)
        return client

    return open_as
