"""What a body may not say is refused (RELIABILITY 21)."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.db import transaction

from tests.api.matrix import FILES, ROWS, TABLE, Operation
from tests.api.story import API, Story
from tests.api.test_matrix import filled

COLUMNS = sorted({field.name for model in apps.get_models() for field in model._meta.concrete_fields})


def _writes() -> list[tuple[Operation, str]]:
    """Writes with a JSON body, and a part that may do each."""
    return [
        (operation, part)
        for operation in TABLE
        if operation.body and ROWS not in operation.body and not FILES.keys() & _values(operation.body)
        for part in ("office", "leader", "member")
        if operation.status(part) < 300
    ]


def _values(body: dict[str, Any]) -> set[str]:
    return {value for value in body.values() if isinstance(value, str)}


def _sent(story: Story, operation: Operation, part: str, extra: dict[str, Any]) -> Any:
    path = API + operation.path.format(**story.names)
    body = {**filled(operation.body, story.names), **extra}
    with transaction.atomic():
        answer = getattr(story.client(part), operation.method.lower())(path, body)
        transaction.set_rollback(True)
    return answer


def test_every_write_refuses_a_field_that_it_does_not_have(story: Story) -> None:
    wrong = {}
    for operation, part in _writes():
        answer = _sent(story, operation, part, {"colour": "red"})
        codes = {error["code"] for error in answer.json().get("errors", [])} if answer.content else set()
        if answer.status_code != 400 or "unknown_field" not in codes:
            wrong[operation.method, operation.path, part] = answer.status_code
    assert wrong == {}


def test_what_is_only_read_changes_nothing(story: Story) -> None:
    leader = story.client("leader")
    address = f"{API}/demand-lines/{story.names['draft_demand']}/"
    before = leader.get(address).json()
    assert (
        leader.patch(address, {"state": "verified", "verified_at": "2020-01-01T00:00:00Z"}).status_code == 200
    )
    after = leader.get(address).json()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}
    every = json.loads(json.dumps(dict.fromkeys(COLUMNS, "1")))
    assert leader.patch(address, every).status_code == 400
    assert leader.get(address).json() == after
