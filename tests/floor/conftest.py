"""The hour of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.floor.days import at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the hour of today; past 24 it is tomorrow."""
    midnight = at(0)

    def strike(hour: float) -> None:
        moment = midnight + timedelta(hours=hour)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return strike
