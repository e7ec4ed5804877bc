"""Every state × action × part: only what the tables declare happens (RELIABILITY 11)."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django.db import transaction

import matching
from matching.agreements.states import AGREEMENT
from matching.feeds.states import DELIVERY, ENDPOINT
from matching.invitations.states import INVITATION
from matching.joining.states import JOIN
from matching.lists.states import LINE, ROUND
from matching.machine import Machine
from matching.meetings.states import DRAFT
from matching.memory.states import CONFIRMATION
from matching.papers.states import PACK
from matching.people.states import ROLE
from matching.review.states import REVIEW
from matching.runs.states import PROPOSAL, RUN
from matching.uploads.states import UPLOAD
from tests.access.steps import (
    CONFLICT,
    DONE,
    KINDS,
    STATUS,
    Step,
    expected,
    put,
    sampled,
    states,
    steps,
    target,
)
from tests.api.story import Story
from tests.api.test_matrix import do
from tests.torture import FULL

pytestmark = pytest.mark.django_db
RESOURCES = sorted({step.operation.path.split("/")[1] for step in steps()})
OTHERWISE = {
    ROUND: {"publish"},
    LINE: {"expire"},
    UPLOAD: {"read", "preview", "refuse", "finish", "fail"},
    PACK: {"make", "finish", "fail"},
    RUN: {"start", "finish", "fail"},
    PROPOSAL: {"supersede", "renew"},
    INVITATION: {"invite", "lapse", "withdraw"},
    DRAFT: {"finish", "fail"},
    JOIN: {"confirm", "resubmit"},
    ROLE: {"accept"},
    CONFIRMATION: {"withdraw"},
    AGREEMENT: {"break_off"},
    REVIEW: {"break_off"},
    ENDPOINT: {"disable"},
    DELIVERY: {"take", "give_up", "drop"},
}
"""Steps that follow from something else: a worker's, a clock's, a publication's, a link in a mail's."""


def _machines() -> list[Machine]:
    names = [
        f"matching.{room.name}.states"
        for room in pkgutil.iter_modules(matching.__path__)
        if room.ispkg and importlib.util.find_spec(f"matching.{room.name}.states")
    ]
    return [
        found
        for name in names
        for found in vars(importlib.import_module(name)).values()
        if isinstance(found, Machine)
    ]


def test_every_machine_is_asked_and_every_step_of_it_has_an_operation_or_a_cause() -> None:
    assert set(_machines()) == {kind.machine for kind in KINDS}
    for machine in _machines():
        asked = {action for step in steps() if step.kind.machine is machine for action in step.actions}
        assert asked == {str(one.action) for one in machine.transitions} - OTHERWISE.get(machine, set())
    assert any(step.kind.machine is REVIEW for step in steps())


def differences(story: Story, asked: list[Step]) -> dict[tuple[str, ...], tuple[object, object]]:
    """Cells that are not as the tables say: what was to come, and what came."""
    found: dict[tuple[str, ...], tuple[object, object]] = {}
    for step in asked:
        for state in states(step.kind.machine):
            for part in sampled(story, step, state, full=FULL):
                wanted, got = _cell(story, step, state, part)
                if wanted != got:
                    found[step.operation.method, step.operation.path, state, part] = wanted, got
    return found


def _cell(story: Story, step: Step, state: str, part: str) -> tuple[tuple[object, str], tuple[object, str]]:
    with transaction.atomic():
        pk, names = put(story, step, state)
        said = expected(story, step, state, part)
        end = target(step.kind.machine, state, step.action(story, part)) if said == "done" else None
        status: object = STATUS.get(said, DONE if end else CONFLICT)
        came = do(story, step.operation, part, **names)[0].status_code
        after = str(step.kind.model.objects.get(pk=pk).state)
        transaction.set_rollback(True)
    return (status, end or state), (DONE if came in DONE else came, after)


@pytest.mark.parametrize("resource", RESOURCES)
def test_only_declared_steps_happen(story: Story, resource: str) -> None:
    asked = [step for step in steps() if step.operation.path.split("/")[1] == resource]
    assert differences(story, asked) == {}


def test_a_step_that_is_not_declared_is_reported(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(JOIN._targets, ("returned", "verify"), "verified")
    asked = [step for step in steps() if step.kind.machine is JOIN and step.actions == ("verify",)]
    assert differences(story, asked) == {
        ("POST", "/join-requests/{join_request}/verify/", "returned", "city"): (
            (CONFLICT, "returned"),
            (DONE, "verified"),
        )
    }
