"""A meeting with appointments, and its pack as a worker makes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from matching.meetings.models import SigningMeeting
from tests import world
from tests.papers.packs import meeting_of


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def here(db: None) -> world.World:
    """The people of one chain."""
    return world.build()


@pytest.fixture
def meeting(here: world.World) -> SigningMeeting:
    """An approved meeting of three pairs."""
    return meeting_of(here)
