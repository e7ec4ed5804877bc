"""Two people take steps with one object at once: it goes as if one had come after the other (RELIABILITY 11).

Where the table lets only one of two steps happen, the loser is told 409; the audit holds one change of state
for each step that was taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from accounts.audit.models import AuditEntry
from matching.lists.states import LineState
from matching.machine import Machine
from matching.review.models import Review
from matching.runs.models import Match
from tests.access.naming import sound
from tests.access.steps import CONFLICT, DONE, Step, expected, put, states, steps, target
from tests.api.matrix import PARTS
from tests.api.parallel import at_once, client_with, token_of
from tests.api.story import API, Story, tell
from tests.api.test_matrix import filled
from tests.torture import FULL, times

pytestmark = pytest.mark.django_db(transaction=True)
ROOMS = sorted({step.kind.model.__name__ for step in steps()})


class Outcome(NamedTuple):
    """What each of two steps got, the state at the end, and how often the audit says that it changed."""

    first: int
    second: int
    state: str
    changes: int


class Race(NamedTuple):
    """Two steps that are both legal in one state, and who takes them."""

    state: str
    steps: tuple[Step, Step]
    parts: tuple[str, str]


def races(story: Story, model: str) -> Iterator[Race]:
    """Every step against itself, and against the next one that is legal in the same state; in full, all."""
    own = [step for step in steps() if step.kind.model.__name__ == model]
    seen = set()
    for state in states(own[0].kind.machine):
        legal = [(step, part) for step in own if (part := _taker(story, step, state))]
        for place, (step, part) in enumerate(legal):
            following = legal if FULL else [legal[(place + 1) % len(legal)]]
            for other, another in [(step, part), *following]:
                pair = frozenset({step.operation.path, other.operation.path})
                if FULL or pair not in seen:
                    seen.add(pair)
                    yield Race(state, (step, other), (part, another))


def _taker(story: Story, step: Step, state: str) -> str:
    """Somebody who may take the step in that state, where anybody may."""
    for part in PARTS[1:]:
        leads = target(step.kind.machine, state, step.action(story, part)) is not None
        if leads and expected(story, step, state, part) == "done":
            return part
    return ""


def serial(story: Story, race: Race) -> set[Outcome]:
    """What comes of the two orders, by the tables."""
    one, other = (
        (step.kind.machine, step.action(story, part))
        for step, part in zip(race.steps, race.parts, strict=True)
    )
    first, second = _in_order(race.state, one, other), _in_order(race.state, other, one)
    return {first, second._replace(first=second.second, second=second.first)}


def _in_order(state: str, one: tuple[Machine, str], other: tuple[Machine, str]) -> Outcome:
    middle = target(one[0], state, one[1])
    assert middle is not None
    end = target(other[0], middle, other[1])
    changes = (middle != state) + (end is not None and end != middle)
    return Outcome(200, 200 if end else CONFLICT, end or middle, changes)


def _raced(story: Story, race: Race) -> Outcome:
    match = Match.objects.get(pk=story.names["match"])
    Review.objects.filter(demand=match.demand, supply=match.supply).delete()
    pk, _names = put(story, race.steps[0], race.state)
    names = story.names | {step.name: pk for step in race.steps if step.name != "match"}
    people = [story.people[part] for part in race.parts]
    tokens = [token_of(person) for person in people if person is not None]
    before = _changes(race, pk)

    def take(place: int) -> int:
        operation = race.steps[place].operation
        send = getattr(client_with(tokens[place]), operation.method.lower())
        answer = send(
            API + operation.path.format(**names), filled(sound(operation), names), "application/json"
        )
        return 200 if answer.status_code in DONE else int(answer.status_code)

    first, second = at_once(2, take)
    state = str(race.steps[0].kind.model.objects.get(pk=pk).state)
    return Outcome(first, second, state, _changes(race, pk) - before)


def _changes(race: Race, pk: Any) -> int:
    """How often the audit says that the object came into another state."""
    table = race.steps[0].kind.model._meta.db_table
    entries = AuditEntry.objects.filter(table=table, object_id=str(pk), action="update")
    return sum("state" in (entry.after or {}) for entry in entries)


def lost(story: Story, model: str) -> dict[str, tuple[Outcome, set[Outcome]]]:
    """Races that went as neither order would have."""
    found = {}
    for race in races(story, model):
        for _again in range(times(1, 20)):
            came, wanted = _raced(story, race), serial(story, race)
            if came not in wanted:
                found[f"{race.state}: {[step.operation.path for step in race.steps]}"] = came, wanted
    return found


@pytest.mark.parametrize("model", ROOMS)
def test_two_at_once_are_as_one_after_the_other(model: str) -> None:
    assert lost(tell(), model) == {}


def test_without_the_table_both_win(monkeypatch: pytest.MonkeyPatch) -> None:
    story = tell()
    step = next(one for one in steps() if one.operation.path == "/demand-lines/{submitted_demand}/verify/")
    race = Race(LineState.SUBMITTED, (step, step), ("office", "office"))
    wanted = serial(story, race)
    monkeypatch.setattr(Machine, "target", lambda *_asked: LineState.VERIFIED)
    assert _raced(story, race)[:2] == (200, 200)
    assert {outcome[:2] for outcome in wanted} == {(200, CONFLICT), (CONFLICT, 200)}
