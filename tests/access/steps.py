"""Every step of every state machine that an operation takes, and what each part must get in each state.

Nothing here is a list of answers: the states are those of the ``states.py`` tables, who may take a step
follows from the access table, and the operations are those of the API's matrix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from matching.agreements.models import Agreement, SupervisionOrder
from matching.agreements.states import AGREEMENT, ORDER
from matching.feeds.models import WebhookDelivery, WebhookEndpoint
from matching.feeds.states import DELIVERY, ENDPOINT
from matching.floor.models import Sitting
from matching.floor.states import SITTING
from matching.invitations.models import Invitation
from matching.invitations.states import INVITATION
from matching.joining.models import JoinRequest
from matching.joining.states import JOIN, JoinState
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.states import LINE, ROUND, LineAction, LineState
from matching.machine import Machine
from matching.meetings.models import PlanDraft, SigningMeeting
from matching.meetings.states import DRAFT, MEETING
from matching.memory.models import Confirmation
from matching.memory.states import CONFIRMATION, ConfirmationState
from matching.papers.models import PaperPack
from matching.papers.states import PACK
from matching.people.models import RoleRequest
from matching.people.states import ROLE
from matching.review.models import Review
from matching.review.states import REVIEW, ReviewState
from matching.runs.models import Match, MatchingRun, PolicyProposal
from matching.runs.states import PROPOSAL, RUN
from matching.uploads.models import Upload
from matching.uploads.states import UPLOAD
from tests.access.needs import Need
from tests.access.oracle import allowed
from tests.access.test_needs import API, OBJECTS, facts_of, verdict
from tests.api.matrix import FIRMS, PARTS, TABLE, Operation
from tests.api.story import Story

STATUS = {"stranger": 401, "absent": 404, "refused": 403}
DONE = (200, 201)
CONFLICT = 409


@dataclass(frozen=True)
class Kind:
    """Objects with one machine; ``names`` are those of the story that operations address them by."""

    machine: Machine
    model: Any
    names: tuple[str, ...]


KINDS = (
    Kind(ROUND, Round, ("open_round", "planned_round")),
    *(
        Kind(LINE, model, tuple(f"{state}_{side}" for state in LineState))
        for model, side in ((DemandLine, "demand"), (SupplyLine, "supply"))
    ),
    Kind(UPLOAD, Upload, ("upload",)),
    Kind(RUN, MatchingRun, ("run",)),
    Kind(PROPOSAL, PolicyProposal, ("proposal",)),
    Kind(REVIEW, Review, ("match", "review")),
    Kind(PACK, PaperPack, ("pack",)),
    Kind(MEETING, SigningMeeting, ("meeting",)),
    Kind(ORDER, SupervisionOrder, ("order",)),
    Kind(AGREEMENT, Agreement, ("agreement", "own_agreement")),
    Kind(INVITATION, Invitation, ("invitation",)),
    Kind(SITTING, Sitting, ("sitting",)),
    Kind(DRAFT, PlanDraft, ("draft",)),
    Kind(JOIN, JoinRequest, ("join_request",)),
    Kind(ROLE, RoleRequest, ("role_request",)),
    Kind(CONFIRMATION, Confirmation, ("confirmation",)),
    Kind(ENDPOINT, WebhookEndpoint, ("webhook",)),
    Kind(DELIVERY, WebhookDelivery, ("delivery",)),
)


@dataclass(frozen=True)
class Step:
    """An operation that takes steps of a machine; an operation of both sides takes one a side."""

    kind: Kind
    operation: Operation
    name: str
    actions: tuple[str, ...]

    @property
    def need(self) -> Need:
        """The row of the access table that it needs."""
        return API[self.operation.method, self.operation.path]

    def action(self, story: Story, part: str) -> str:
        """Which of its actions that part would take."""
        facts, person = facts_of(story, self.need.target), story.people[part]
        rows = OBJECTS[self.need.object].rows
        return next((one for one in self.actions if allowed(rows, one, person, facts)), self.actions[0])


def steps() -> Iterator[Step]:
    """All of them."""
    for operation in TABLE:
        names = re.findall(r"\{(\w+)\}", operation.path)
        kind = next((kind for kind in KINDS if names and names[-1] in kind.names), None)
        if kind is not None and operation.method != "GET":
            actions = _actions(kind, operation)
            if actions:
                yield Step(kind, operation, names[-1], actions)


def _actions(kind: Kind, operation: Operation) -> tuple[str, ...]:
    known = {str(transition.action) for transition in kind.machine.transitions}
    wanted = tuple(one for one in API[operation.method, operation.path].actions if one in known)
    verb = operation.path.strip("/").rpartition("/")[2].replace("-", "_")
    return wanted or ((verb,) if verb in known else ())


def states(machine: Machine) -> list[str]:
    """Every state that a machine knows, in a fixed order."""
    found = {str(state) for one in machine.transitions for state in (*one.sources, one.target)}
    return sorted(found)


def target(machine: Machine, state: str, action: str) -> str | None:
    """Where the table leads to; none where it has no such transition.

    Writing a withdrawn line restores it (``save_line``): a whole list that is sent again brings it back.
    """
    wanted = (action, LineAction.RESTORE) if action == LineAction.EDIT else (action,)
    ends = [one.target for one in machine.transitions if one.action in wanted and state in one.sources]
    return str(ends[0]) if ends else None


def expected(story: Story, step: Step, state: str, part: str) -> str:
    """``stranger``, ``absent``, ``refused`` or ``done``, before the machine is asked."""
    said = verdict(story, _need_in(step, state), part)
    told_apart = ("done",) if step.need.mode == "then" else ("done", "refused")
    return "absent" if said in told_apart and _is_hidden(step.kind, state, part) else said


def _need_in(step: Step, state: str) -> Need:
    need = step.need
    side = step.name.rpartition("_")[2]
    if step.kind.machine is not LINE:
        return need
    return Need(need.object, need.seen, need.actions, need.mode, f"{state}_{side}")


def _is_hidden(kind: Kind, state: str, part: str) -> bool:
    """The conditions in words of the rows (``when``) that hang on the state."""
    if kind.machine is REVIEW:
        return part in FIRMS and state in (ReviewState.PENDING, ReviewState.REJECTED)
    return kind.machine is JOIN and state == JoinState.UNCONFIRMED


def put(story: Story, step: Step, state: str) -> tuple[Any, dict[str, Any]]:
    """An object of the story in that state, and how it is addressed."""
    kind, name = step.kind, step.name
    if kind.machine is LINE:
        # Whoever has handed in a line once has shown it; a draft never was.
        base = "draft" if state == LineState.DRAFT else "submitted"
        pk = story.names[f"{base}_{name.rpartition('_')[2]}"]
    elif kind.machine is REVIEW:
        match = Match.objects.get(pk=story.names["match"])
        pk = Review.objects.create(demand=match.demand, supply=match.supply, match=match).pk
    else:
        pk = story.names[name]
    ended: dict[str, Any] = {} if kind.machine is not CONFIRMATION else {"ended_at": _end(state)}
    kind.model.objects.filter(pk=pk).update(state=state, **ended)
    return pk, {} if name == "match" else {name: pk}


def _end(state: str) -> datetime | None:
    return None if state == ConfirmationState.STANDING else timezone.now()


def sampled(story: Story, step: Step, state: str, *, full: bool) -> list[str]:
    """The parts to ask: all, or one that gets each answer and all who may."""
    if full:
        return list(PARTS)
    seen: dict[str, str] = {}
    for part in PARTS:
        said = expected(story, step, state, part)
        seen.setdefault(said if said != "done" else step.action(story, part), part)
    return list(seen.values())
