"""The chain: entries get a place once their transaction has ended; tampering is found (RELIABILITY 35)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.audit import queries, services, tasks
from accounts.audit.models import AuditCut, AuditEntry, AuditSeal
from accounts.audit.verifying import Head, verify
from matching.chains.models import Chain
from tests.api.parallel import at_once
from tests.services import current_database_url

pytestmark = pytest.mark.django_db(transaction=True)


def write(*codes: str) -> None:
    """One committed write a code."""
    for code in codes:
        Chain.objects.create(code=code, name_zh="光伏\t“链”\\", name_en=code)


def seal() -> None:
    """Seal everything, and let the floor come up behind it."""
    for _ in range(3):
        services.seal()


def order() -> list[str]:
    """Objects in the chain's order."""
    return [entry.object_id for entry in queries.sealed_after(0)]


def tamper(statement: str, *values: int) -> None:
    """As the owner, past everything."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_untouched_chain_verifies_and_its_head_is_told() -> None:
    write("a", "b", "c")
    seal()
    head = queries.head()
    found = verify()
    assert head is not None
    assert (order(), found.problems, found.entries, str(found.head)) == (["a", "b", "c"], [], 3, str(head))


def test_an_entry_waits_for_older_transactions_and_none_is_passed_over() -> None:
    with psycopg.connect(current_database_url()) as slow:
        slow.execute("INSERT INTO matching_chain VALUES ('慢', 'slow', 'slow', 0)")
        write("fast")
        seal()
        assert order() == []  # whoever reads up to "fast" now would never see "slow"
        slow.commit()
    seal()
    assert sorted(order()) == ["fast", "slow"]
    write("later")
    seal()
    assert order()[2:] == ["later"]
    last = queries.head()
    assert last is not None
    assert list(queries.sealed_after(last.position)) == []


def test_transactions_of_other_databases_hold_nothing_up() -> None:
    write("a")
    elsewhere = psycopg.conninfo.make_conninfo(current_database_url(), dbname="postgres")
    with psycopg.connect(elsewhere) as other:
        other.execute("SELECT pg_current_xact_id()")
        write("b")
        seal()
        assert (order(), verify().problems) == (["a", "b"], [])


def test_the_youngest_transaction_is_waited_for_as_well() -> None:
    write("a")
    with psycopg.connect(current_database_url()) as slow:
        slow.execute("INSERT INTO matching_chain VALUES ('慢', 'slow', 'slow', 0)")
        seal()
        assert order() == ["a"]
        slow.commit()
    seal()
    assert (order(), verify().problems) == (["a", "slow"], [])


def test_what_was_taken_back_has_no_place() -> None:
    with psycopg.connect(current_database_url()) as other:
        other.execute("INSERT INTO matching_chain VALUES ('x', 'x', 'lost', 0)")
        other.rollback()
    write("kept")
    seal()
    assert order() == ["kept"]


def test_entries_of_a_restored_dump_are_sealed_in_their_new_home() -> None:
    write("a", "b")
    tamper("UPDATE accounts_auditentry SET transaction = transaction + 1000000")
    tamper("UPDATE accounts_auditprogress SET mark_transaction = 9000000")
    seal()
    assert order() == ["a", "b"]
    write("c")
    seal()
    assert (order(), verify().problems) == (["a", "b", "c"], [])


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two entries a batch, and two batches a tick."""
    monkeypatch.setattr(services, "seal", partial(services.seal, batch=2))
    monkeypatch.setattr(services, "BATCH", 2)
    monkeypatch.setattr(tasks, "SHARE", 2)


def test_a_tick_seals_its_share_and_the_next_goes_on_with_the_same_chain(small_batches: None) -> None:
    write(*"abcdefg")
    seen = []
    for _ in range(3):
        tasks.seal()
        seen.append("".join(order()))
    assert (seen, verify().problems) == (["abcd", "abcdefg", "abcdefg"], [])
    tick_by_tick = list(AuditSeal.objects.values_list("position", "entry_id", "hash"))
    tamper("DELETE FROM accounts_auditseal")
    tamper("DELETE FROM accounts_auditprogress")
    services.seal(batch=100)
    assert list(AuditSeal.objects.values_list("position", "entry_id", "hash")) == tick_by_tick


def test_the_control_a_tick_without_a_share_seals_all(
    small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SHARE", 100)
    write(*"abcdefg")
    tasks.seal()
    assert "".join(order()) == "abcdefg"


def test_ticks_at_once_seal_nothing_twice(small_batches: None) -> None:
    write(*"abcdefgh")
    at_once(6, lambda _number: tasks.seal())
    assert ("".join(order()), verify().problems) == ("abcdefgh", [])


CHANGED = "entry {second} at place 2 was changed or moved"
TAMPERING: dict[str, tuple[Callable[[int, int], None], list[str]]] = {
    "changed": (
        lambda first, second: tamper("UPDATE accounts_auditentry SET actor = 1 WHERE id = %s", second),
        [CHANGED],
    ),
    "removed": (
        lambda first, second: tamper("DELETE FROM accounts_auditentry WHERE id = %s", second),
        ["entry {second} at place 2 was removed"],
    ),
    "removed with its place": (
        lambda first, second: tamper("DELETE FROM accounts_auditseal WHERE entry_id = %s", second),
        ["places 2 to 2 were removed", "entry {second} was slipped in past the chain"],
    ),
    "reordered": (
        lambda first, second: tamper(
            "UPDATE accounts_auditseal SET entry_id = CASE entry_id WHEN %s THEN -1 WHEN %s THEN %s END "
            "WHERE entry_id IN (%s, %s)",
            *(first, second, first, first, second),
        ),
        ["entry -1 at place 1 was removed", "entry {first} at place 2 was changed or moved"],
    ),
    "slipped in": (
        lambda first, second: tamper(
            "INSERT INTO accounts_auditentry SELECT 0, at, transaction, request_id, actor, via, credential, "
            'action, "table", object_id, before, after FROM accounts_auditentry WHERE id = %s',
            second,
        ),
        ["entry 0 was slipped in past the chain"],
    ),
    "triggers off": (
        lambda first, second: tamper("ALTER TABLE matching_chain DISABLE TRIGGER audit_delete"),
        ["table matching_chain has lost its triggers"],
    ),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_by_the_owner_is_found(kind: str) -> None:
    write("a", "b", "c")
    seal()
    first, second, _third = (entry.pk for entry in queries.sealed_after(0))
    act, expected = TAMPERING[kind]
    act(first, second)
    try:
        problems = verify().problems
    finally:
        tamper("ALTER TABLE matching_chain ENABLE TRIGGER audit_delete")
    told = [line.format(first=first, second=second) for line in expected]
    assert [line for line in problems if "slipped" not in line] == [
        one for one in told if "slipped" not in one
    ]
    assert set(told) <= set(problems)


def test_a_tail_that_was_cut_off_is_found_by_the_head_that_was_kept(tmp_path: Path) -> None:
    anchor = tmp_path / "heads"
    write("a", "b", "c")
    seal()
    call_command("verify_audit", anchor=anchor, stdout=StringIO())
    kept = Head.parse(anchor.read_text())
    newest = AuditSeal.objects.get(position=3)
    AuditEntry.objects.filter(pk=newest.entry_id).delete()
    newest.delete()
    assert verify().problems == []  # the control: without the head nobody can tell
    assert verify([kept]).problems == ["place 3 was written down and is gone"]
    with pytest.raises(CommandError, match="place 3 was written down and is gone"):
        call_command("verify_audit", anchor=anchor)
    write("d")
    seal()
    assert verify([kept]).problems == ["place 3 has another hash than was written down"]


def test_old_entries_are_cut_and_the_rest_still_verifies() -> None:
    write("a", "b", "c")
    tamper("UPDATE accounts_auditentry SET at = at - interval '500 days' WHERE object_id IN ('a', 'b')")
    seal()
    kept = Head(1, AuditSeal.objects.get(position=1).head)
    assert services.cut(before=timezone.now() - timedelta(days=900)) is None
    out = StringIO()
    call_command("cut_audit", stdout=out)
    assert out.getvalue() == "2 entries removed, up to place 2\n"
    write("d")
    seal()
    assert (order(), queries.first_position(), verify([kept]).problems) == (["c", "d"], 3, [])
    AuditCut.objects.update(entries=1)
    assert verify().problems == ["the record of what was removed up to 2 is forged"]


def test_everything_can_be_cut_and_the_chain_goes_on() -> None:
    write("a")
    seal()
    assert services.cut(before=timezone.now() + timedelta(seconds=1)) is not None
    write("b")
    seal()
    assert (order(), verify().problems) == (["b"], [])
