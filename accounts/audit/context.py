"""Who is acting, told to the database before anything is written.

The triggers read one setting of the session, ``chainmatch.acting``. Inside a transaction it is set for that
transaction alone, before the first write; a write outside of one sets it for the connection. Whoever writes
past Django's cursors (``COPY``) calls ``declare`` first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

Via = Literal["session", "token", "oauth", "task", "command", ""]
SEPARATOR = "\x1f"
READS = ("SELECT", "SAVEPOINT", "RELEASE", "SHOW", "SET", "EXPLAIN", "DECLARE", "FETCH", "CLOSE")
_TELL = "SELECT set_config('chainmatch.acting', %s, %s)"


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts and how; ``credential`` is the id of a token or application, never the token."""

    actor_id: int | None = None
    via: Via = ""
    credential: str = ""
    request_id: str = ""

    def __str__(self) -> str:
        actor = "" if self.actor_id is None else str(self.actor_id)
        return SEPARATOR.join((actor, self.via, self.credential, self.request_id))


NOBODY = Acting()
_current: ContextVar[Callable[[], Acting]] = ContextVar("acting", default=lambda: NOBODY)


def current() -> Acting:
    """Who acts now."""
    return _current.get()()


@contextmanager
def acting(
    *, actor_id: int | None = None, via: Via = "", credential: str = "", request_id: str = ""
) -> Iterator[None]:
    """What is written inside is that person's doing."""
    known = Acting(actor_id, via, credential, request_id)
    with asking(lambda: known):
        yield


@contextmanager
def asking(who: Callable[[], Acting]) -> Iterator[None]:
    """As ``acting``, for somebody who becomes known only on the way; asked at each first write."""
    token = _current.set(who)
    try:
        yield
    finally:
        _current.reset(token)


class RequestIdFilter(logging.Filter):
    """Gives every line of a log the id of the request that it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record."""
        record.request_id = current().request_id or "-"
        return True


@dataclass(slots=True)
class _Told:
    """What one connection's settings say: for the session, and for its transaction."""

    session: str = str(NOBODY)
    transaction: str | None = None


_told: WeakKeyDictionary[psycopg.Connection[Any], _Told] = WeakKeyDictionary()


def watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Have a connection declare who acts; connected to Django's ``connection_created``."""
    if _before_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_before_statement)


def declare(connection: BaseDatabaseWrapper) -> None:
    """Tell the database who acts, unless it knows."""
    raw: psycopg.Connection[Any] = connection.connection
    told = _told.setdefault(raw, _Told())
    status = raw.info.transaction_status
    if status == TransactionStatus.INERROR:
        return
    if status == TransactionStatus.IDLE:
        told.transaction = None
    now = str(current())
    alone = connection.get_autocommit() and status == TransactionStatus.IDLE
    if now == (told.session if alone or told.transaction is None else told.transaction):
        return
    raw.execute(_TELL, (now, not alone))
    if alone:
        told.session = now
    else:
        told.transaction = now


def _before_statement(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    connection = context["connection"]
    if connection.connection is not None:
        if not _reads(sql):
            declare(connection)
        elif connection.connection.info.transaction_status == TransactionStatus.IDLE:
            _forget(connection.connection)
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and sql.startswith("ROLLBACK TO"):
        _forget(connection.connection)  # it takes the setting back with everything else
    return result


def _reads(sql: Any) -> bool:
    return isinstance(sql, str) and (sql.startswith(READS) or sql.startswith("ROLLBACK TO"))


def _forget(raw: psycopg.Connection[Any]) -> None:
    if raw in _told:
        _told[raw].transaction = None
