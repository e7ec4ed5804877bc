"""Kernels ready before anybody waits for them."""

from __future__ import annotations

import logging
from threading import Thread

from matching.engine.retrieval.warm import warm

logger = logging.getLogger(__name__)


def warm_beside() -> None:
    """Load the engine's kernels in a thread, so that the web server answers at once.

    On a machine that has never run them they are compiled, which takes some ten seconds; later starts
    read them from disk.
    """
    Thread(target=_warm, name="warm", daemon=True).start()


def _warm() -> None:
    try:
        warm()
    except Exception:
        logger.exception("the engine's kernels could not be made ready")
