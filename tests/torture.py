"""How often a test repeats: a bounded sample in ``make test``, the full number in ``make torture``."""

from __future__ import annotations

import os

FULL = os.environ.get("CHAINMATCH_TORTURE") == "1"


def times(sample: int, full: int) -> int:
    """``full`` where ``CHAINMATCH_TORTURE=1`` is set, else ``sample``."""
    return full if FULL else sample
