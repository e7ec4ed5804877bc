"""The hour of the day."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.floor.days import strike


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the hour of today; past 24 it is tomorrow."""
    return partial(strike, monkeypatch)
