"""One story for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.api.story import Story, told_once


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """Told once for all tests here."""
    with told_once(django_db_blocker) as told:
        yield told
