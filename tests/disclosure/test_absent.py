"""A foreign id and an absent one cost the same statements: no clock tells them apart (RELIABILITY 24)."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from matching.lists.api.lines import SupplyLineView
from matching.lists.models import SupplyLine
from tests.api.matrix import TABLE, Operation
from tests.api.story import API, Story, client_of, tell
from tests.torture import times

pytestmark = pytest.mark.django_db
PARTS = ("other_member", "other_leader", "other_office")[: times(1, 3)]
_VALUES = re.compile(r"'[^']*'(::uuid)?|\b\d+\b")


@pytest.fixture
def story() -> Story:
    """Everybody, and somebody else's lines."""
    return tell()


def _statements(story: Story, part: str, operation: Operation, **other: Any) -> list[str]:
    client = client_of(story.people[part])
    address = API + operation.path.format(**story.names | other)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        getattr(client, operation.method.lower())(address, {} if operation.body is None else operation.body)
        transaction.set_rollback(True)
    return [_VALUES.sub("?", query["sql"]) for query in asked]


def _told_apart(story: Story, operations: list[Operation]) -> set[tuple[str, str]]:
    found = set()
    for operation in operations:
        last = re.findall(r"\{(\w+)\}", operation.path)[-1]
        absent = _absent(story.names[last])
        for part in PARTS:
            if operation.status(part) == 404:
                foreign = _statements(story, part, operation)
                if foreign != _statements(story, part, operation, **{last: absent}):
                    found.add((operation.method, operation.path))
    return found


def _absent(named: Any) -> Any:
    """A name of the same form that nothing has."""
    if isinstance(named, uuid.UUID):
        return uuid.uuid4()
    return 2**31 - 1 if isinstance(named, int) else "no-such-code"


def _refusing() -> list[Operation]:
    return [
        one
        for one in TABLE
        if "{" in one.path and "FILE" not in str(one.body) and "SHEET" not in str(one.body)
    ]


def test_foreign_and_absent_ids_ask_the_same_of_the_database(story: Story) -> None:
    assert _told_apart(story, _refusing()) == set()


def test_a_look_at_the_row_before_its_owner_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = SupplyLineView.get_object

    def curious(view: Any) -> Any:
        if line := SupplyLine.objects.filter(pk=view.kwargs["pk"]).first():
            str(line.organisation)
        return honest(view)

    monkeypatch.setattr(SupplyLineView, "get_object", curious)
    operations = [one for one in _refusing() if one.path == "/supply-lines/{verified_supply}/"]
    assert _told_apart(story, operations) == {(one.method, one.path) for one in operations}
