"""Every row of every table, and what a request has done to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

KEPT_ABOUT_REQUESTS = frozenset(
    {
        *("accounts_session", "accounts_cache", "accounts_signinfailures", "accounts_auditentry"),
        *("accounts_auditreading", "matching_disclosure", "matching_keptanswer", "django_session"),
        "matching_outboxmessage",
    }
)
"""Tables of what requests leave behind about themselves: counters, sessions, the audit, work to do."""
Rows = dict[str, frozenset[str]]
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d(:?\d\d)?|Z)?")
_SEALED = re.compile(r"gAAAA[\w=-]+|\bcm_[a-z]+_[\w-]+|\\x[0-9a-f]{20,}|\b[0-9a-f]{64,}\b")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def snapshot() -> Rows:
    """Every row as JSON, by table."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT_ABOUT_REQUESTS)
        parts = (f"(SELECT '{name}', array_agg(to_jsonb(one)::text) FROM \"{name}\" one)" for name in tables)
        cursor.execute(" UNION ALL ".join(parts))
        return {name: frozenset(rows or ()) for name, rows in cursor.fetchall()}


def changed(before: Rows) -> dict[str, list[str]]:
    """Rows that came (+) and went (-) since then, by table, without what differs at each asking."""
    after = snapshot()
    found = {
        name: sorted(
            f"{sign} {_timeless(row)}"
            for sign, rows in (("-", before[name] - after[name]), ("+", after[name] - before[name]))
            for row in rows
        )
        for name in after
    }
    return {name: rows for name, rows in found.items() if rows}


def _timeless(row: str) -> str:
    """A row without clocks, numbers of sequences, keys drawn by lot, and what is encrypted anew each time."""
    values = {name: value for name, value in json.loads(row).items() if not _is_serial(name, value)}
    text = _TIME.sub("WHEN", json.dumps(values, sort_keys=True, ensure_ascii=False))
    return _SEALED.sub("SEALED", _ID.sub("ID", text))


def _is_serial(name: str, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and (name == "id" or name.endswith("_id"))


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
