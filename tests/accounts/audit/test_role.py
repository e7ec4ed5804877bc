"""The application's role can't change, forge, remove or switch off the audit (RELIABILITY 35)."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from accounts.audit import services
from accounts.audit.checks import check_audit_role
from accounts.audit.install import install
from accounts.audit.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

FORBIDDEN = {
    "change an entry": "UPDATE accounts_auditentry SET actor = 1",
    "remove an entry": "DELETE FROM accounts_auditentry",
    "empty the audit": "TRUNCATE accounts_auditentry",
    "forge an entry": "INSERT INTO accounts_auditentry "
    '(at, transaction, request_id, via, credential, action, "table", object_id) '
    "VALUES (now(), 1, '', '', '', 'insert', 'x', '1')",
    "forge a place": "INSERT INTO accounts_auditseal (position, entry_id, hash) VALUES (9, 9, '')",
    "change a place": "UPDATE accounts_auditseal SET hash = ''",
    "remove a place": "DELETE FROM accounts_auditseal",
    "pretend a cut": "INSERT INTO accounts_auditcut (position, hash, entries, before, at, signature) "
    "VALUES (9, '', 1, now(), now(), '')",
    "move the floor": "UPDATE accounts_auditprogress SET floor = 99999",
    "alter the table": "ALTER TABLE accounts_auditentry DROP COLUMN actor",
    "drop the table": "DROP TABLE accounts_auditentry",
    "switch a trigger off": "ALTER TABLE matching_chain DISABLE TRIGGER audit_insert",
    "drop a trigger": "DROP TRIGGER audit_insert ON matching_chain",
    "empty a table past its triggers": "TRUNCATE matching_round CASCADE",
    "rewrite the function": "ALTER FUNCTION accounts_audit_write() SET search_path = pg_temp",
    "own the function": "DROP FUNCTION accounts_audit_seal(integer)",
}
SUPERUSERS = {
    "write past triggers": "SET session_replication_role = replica",
    "become the owner": "SET ROLE chainmatch",
}


def become(role: str) -> None:
    """Act as that role until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE {role}")


def refused(statement: str) -> bool:
    """Whether the database refuses it for lack of rights; nothing of it stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        return True
    return False


@pytest.mark.parametrize("wish", FORBIDDEN)
def test_the_applications_role_is_refused_and_the_owner_is_not(wish: str) -> None:
    factories.make_chain()
    assert not refused(FORBIDDEN[wish])  # the control: it is the role, not the statement
    become(settings.DATABASE_APP_ROLE)
    assert refused(FORBIDDEN[wish])


def test_the_applications_role_can_neither_pass_triggers_nor_become_another() -> None:
    url = connection.settings_dict
    with psycopg.connect(
        host=url["HOST"], dbname=url["NAME"], user=settings.DATABASE_APP_ROLE, autocommit=True
    ) as direct:
        for statement in SUPERUSERS.values():
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                direct.execute(statement)


def test_what_the_applications_role_writes_is_audited_and_sealed_all_the_same() -> None:
    become(settings.DATABASE_APP_ROLE)
    factories.make_chain("pv")
    assert AuditEntry.objects.filter(table="matching_chain", object_id="pv").count() == 1
    assert services.seal() == 0  # all of it belongs to this very transaction


def test_a_role_that_could_change_the_audit_is_told_by_check_deploy() -> None:
    assert [message.id for message in check_audit_role(None)] == ["accounts.W010"]
    become(settings.DATABASE_APP_ROLE)
    assert check_audit_role(None) == []


@pytest.mark.parametrize(
    "right",
    ["DELETE ON accounts_auditentry", "INSERT ON accounts_auditseal", "UPDATE ON accounts_auditprogress"],
)
def test_any_right_on_any_table_of_the_audit_is_told(right: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT {right} TO {settings.DATABASE_APP_ROLE}")
    become(settings.DATABASE_APP_ROLE)
    assert [message.id for message in check_audit_role(None)] == ["accounts.W010"]


def test_the_applications_role_puts_no_function_beside_the_triggers_own() -> None:
    """Servers before PostgreSQL 15 let everybody create in ``public``; the trigger runs as the owner."""
    wish = "CREATE FUNCTION to_jsonb(matching_chain) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'"
    with connection.cursor() as cursor:
        cursor.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    become(settings.DATABASE_APP_ROLE)
    assert not refused(wish)
    become("NONE")
    install()
    become(settings.DATABASE_APP_ROLE)
    assert refused(wish)
