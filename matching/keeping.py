"""A lease is renewed while its holder works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection

LONGEST_SECONDS = 3600


@contextmanager
def kept(renew: Callable[[], bool], pause: float) -> Iterator[None]:
    """Call ``renew`` every ``pause`` seconds in a thread of its own, for an hour at most.

    It ends with the block, or when ``renew`` says that the lease is lost.
    """
    done = Event()
    keeper = Thread(target=_keep, args=(renew, pause, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(renew: Callable[[], bool], pause: float, done: Event) -> None:
    turns = int(LONGEST_SECONDS / pause)
    try:
        while turns and not done.wait(pause) and renew():
            turns -= 1
    except DatabaseError:
        # The worker itself meets the same trouble when it stores.
        return
    finally:
        connection.close()
