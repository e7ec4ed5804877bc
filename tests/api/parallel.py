"""Many requests at once, each in a thread with its own connection, as a server's threads have."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections
from django.test import Client

from accounts.models import User
from tests import factories

THREADS = 25


def token_of(user: User) -> str:
    """A new token of that person, good for everything."""
    _row, token = factories.make_token(user)
    return token


def client_with(token: str, **headers: str) -> Client:
    """A client that sends that token and reads English."""
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": "en", **headers})


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """``act(0)`` … ``act(number - 1)``, up to ``THREADS`` at a time and the first of these together."""
    together = Barrier(min(number, THREADS))

    def one(place: int) -> Any:
        if place < together.parties:
            together.wait(timeout=60)
        try:
            return act(place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(together.parties) as pool:
        return list(pool.map(one, range(number)))
