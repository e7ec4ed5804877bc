"""What ``check --deploy`` says about the audit."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import DatabaseError, connection

_MAY_CHANGE = """
SELECT bool_or(has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')) FROM pg_class
WHERE oid IN (to_regclass('accounts_auditentry'), to_regclass('accounts_auditseal'),
              to_regclass('accounts_auditprogress'), to_regclass('accounts_auditcut'))
"""


def check_audit_role(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A warning where web and workers connect as a role that could rewrite the audit."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_MAY_CHANGE)
            row = cursor.fetchone()
    except DatabaseError:  # not there yet, or not now: nothing is known
        return []
    if row is None or not row[0]:
        return []
    return [
        Warning(
            "The database role of DATABASE_URL could change the audit.",
            hint="Give web and workers a role of their own, and the owner's address to migrations alone as "
            "DATABASE_OWNER_URL.",
            id="accounts.W010",
        )
    ]
