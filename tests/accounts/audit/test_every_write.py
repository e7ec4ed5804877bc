"""Every operation of the API that writes leaves its entries, every refused one none (RELIABILITY 11 and 35).

All of it as the application's database role, so what that role may not do would show here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from accounts.audit.models import AuditEntry
from tests.accounts.audit.test_role import become
from tests.api.conftest import story
from tests.api.matrix import PARTS, TABLE, Operation
from tests.api.story import Story
from tests.api.test_matrix import do
from tests.torture import FULL

__all__ = ["story"]

WRITES = [operation for operation in TABLE if operation.method != "GET"]
WRITES_NOTHING = {
    "POST /requirements/parse/": "reads a text",
    "POST /runs/{run}/what-if/": "computes",
    "POST /meeting-days/{meeting}/undo-check-in/": "nobody of the story is checked in",
    "POST /demand-lines/similar/": "searches; texts are sent by POST so that no log has them",
    "POST /supply-lines/similar/": "the same",
    "POST /webhooks/{webhook}/test/": "a delivery, which is a log itself",
    "POST /webhooks/{webhook}/replay/": "the same",
    "POST /webhooks/{webhook}/deliveries/{delivery}/replay/": "the same",
}


def written(story: Story, operation: Operation, part: str) -> tuple[int, list[AuditEntry], str]:
    """Status, the entries and the request's id; nothing stays."""
    with transaction.atomic():
        last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        become(settings.DATABASE_APP_ROLE)
        response, _body = do(story, operation, part)
        entries = list(AuditEntry.objects.filter(id__gt=last))
        transaction.set_rollback(True)
    return response.status_code, entries, response.headers["X-Request-ID"]


def _parts(operation: Operation) -> list[str]:
    """Who may, and of those who may not the first of each answer; everybody in the full run."""
    refused = {operation.status(part): part for part in reversed(PARTS) if operation.status(part) >= 400}
    sample = {*refused.values(), *(part for part in PARTS if operation.status(part) < 400)}
    return [part for part in PARTS if part in sample or FULL]


def test_every_write_leaves_entries_of_its_person_and_a_refused_one_none(story: Story) -> None:
    wrote: dict[str, int] = {}
    wrong = []
    for operation in WRITES:
        name = f"{operation.method} {operation.path}"
        for part in _parts(operation):
            status, entries, request_id = written(story, operation, part)
            told = {(entry.actor, entry.via, entry.request_id) for entry in entries}
            if status < 300:
                wrote[name] = wrote.get(name, 0) + len(entries)
            if not told and (status >= 400 or status == 200 or name in WRITES_NOTHING):
                continue  # refused; or, of several things that were asked for, none was theirs
            person = story.people[part]
            if status >= 400 or told != {(person.pk if person else 0, "session", request_id)}:
                wrong.append((name, part, status, told))
    assert wrong == []
    assert {name for name, entries in wrote.items() if not entries} == WRITES_NOTHING.keys()


def test_without_its_trigger_a_write_would_be_missed(story: Story) -> None:
    """The control: the check above sees what is there and nothing else."""
    operation = next(one for one in WRITES if (one.method, one.path) == ("POST", "/glossary/"))
    assert [entry.table for entry in written(story, operation, "office")[1]] == ["matching_glossaryentry"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE matching_glossaryentry DISABLE TRIGGER audit_insert")
    assert written(story, operation, "office")[1] == []
