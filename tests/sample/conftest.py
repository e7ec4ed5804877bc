"""One generated sample for all tests of this folder."""

from __future__ import annotations

from datetime import date

import pytest

from chainmatch.sample.generate import generate
from chainmatch.sample.records import Sample

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def sample() -> Sample:
    """The sample of the default seed."""
    return generate(today=TODAY)
