"""Brings the database's triggers, functions and rights in line with what the apps say; after every migration.

Not part of single migrations, so that a model that is added tomorrow is audited without anybody thinking of
it, and a column that becomes a secret is masked from that release on.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from accounts.audit.watching import Watched, watched

FUNCTIONS = (Path(__file__).parent / "functions.sql").read_text()
BODIES = dict(re.findall(r"FUNCTION (\w+)\(.*?\$\$(.*?)\$\$", FUNCTIONS, re.DOTALL))
MASK = "***"
EVENTS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
READ_ONLY = (
    "accounts_auditentry",
    "accounts_auditseal",
    "accounts_auditprogress",
    "accounts_auditcut",
    "django_migrations",
)
"""Tables that web and workers only read."""
# A function put beside PostgreSQL's that fits better would be called by the trigger, with the owner's rights.
_RIGHTS = """
REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role};
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
REVOKE INSERT, UPDATE, DELETE ON {read_only} FROM {role};
REVOKE ALL ON SEQUENCE accounts_auditentry_id_seq FROM {role};
REVOKE ALL ON FUNCTION accounts_audit_write(), accounts_audit_seal(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_audit_seal(integer) TO {role}
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
_INSTALLED = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgfoid = to_regproc('accounts_audit_write') AND c.relnamespace = current_schema()::regnamespace
    AND (t.tgenabled = 'O' OR %s)
"""
_BODIES = """
SELECT proname, prosrc FROM pg_proc
WHERE proname = ANY(%s) AND pronamespace = current_schema()::regnamespace
"""


def install(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Functions, triggers and the application role's rights. Runs as the tables' owner; a second time it
    leaves everything as it is."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        quoted = sql.Identifier(schema).as_string()
        cursor.execute(FUNCTIONS.replace("{schema}", f"pg_catalog, {quoted}"))
        wanted = _wanted(cursor)
        for table, name in _standing(cursor, disabled=True) - wanted.keys():
            drop = sql.SQL("DROP TRIGGER {} ON {}")
            cursor.execute(drop.format(sql.Identifier(name), sql.Identifier(table)))
        for statement in wanted.values():
            cursor.execute(statement)
        if settings.DATABASE_APP_ROLE:
            _give_rights(cursor, schema, settings.DATABASE_APP_ROLE)


def missing(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Tables whose triggers are not all there and switched on."""
    with connections[using].cursor() as cursor:
        lacking = _wanted(cursor).keys() - _standing(cursor, disabled=False)
    return sorted({table for table, _ in lacking})


def rewritten(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Functions of the audit that are gone or do something else than this release's."""
    with connections[using].cursor() as cursor:
        cursor.execute(_BODIES, [list(BODIES)])
        return sorted(dict(BODIES.items() - set(cursor.fetchall())))


def _wanted(cursor: Any) -> dict[tuple[str, str], sql.Composed]:
    cursor.execute(_TABLES)
    present = {name for (name,) in cursor.fetchall()}
    return {
        (one.table, f"audit_{event}"): _trigger(one, event, tables)
        for one in watched()
        if one.table in present
        for event, tables in EVENTS.items()
    }


def _standing(cursor: Any, *, disabled: bool) -> set[tuple[str, str]]:
    cursor.execute(_INSTALLED, [disabled])
    return set(cursor.fetchall())


def _trigger(one: Watched, event: str, tables: str) -> sql.Composed:
    create = sql.SQL(
        "CREATE OR REPLACE TRIGGER {} AFTER {} ON {} REFERENCING {} FOR EACH STATEMENT "
        "EXECUTE FUNCTION accounts_audit_write({}, {}, {})"
    )
    return create.format(
        sql.Identifier(f"audit_{event}"),
        sql.SQL(event.upper()),
        sql.Identifier(one.table),
        sql.SQL(tables),
        sql.Literal(one.key),
        sql.Literal(json.dumps(dict.fromkeys(one.hidden, MASK))),
        sql.Literal("{" + ",".join(one.unwatched) + "}"),
    )


def _give_rights(cursor: Any, schema: str, role: str) -> None:
    read_only = sql.SQL(", ").join(sql.Identifier(table) for table in READ_ONLY)
    rights = sql.SQL(_RIGHTS).format(
        schema=sql.Identifier(schema), role=sql.Identifier(role), read_only=read_only
    )
    cursor.execute(rights)
