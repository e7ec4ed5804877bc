"""The story of the API's tests, for the feed and its webhooks."""

from __future__ import annotations

import pytest

from tests.api.story import Story, tell


@pytest.fixture
def story(db: None) -> Story:
    """The story, told anew for each test."""
    return tell()
