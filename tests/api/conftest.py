"""The story of the API's tests."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.api.story import Story, tell


@pytest.fixture
def story(db: None, settings: Settings) -> Story:
    """The story, told anew for each test; nobody in it types a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tell()
