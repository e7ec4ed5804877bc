"""Two people take one step at once: one has taken it, the other is told, the audit holds one change."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.audit.models import AuditEntry
from matching.lists.models import DemandLine
from matching.lists.states import LineState
from matching.machine import Machine
from tests import factories, world
from tests.api.parallel import at_once, client_with, token_of
from tests.api.story import API
from tests.torture import times

pytestmark = pytest.mark.django_db(transaction=True)
CASES = ("line", "round", "proposal")


def _case(here: world.World, name: str) -> tuple[Any, str]:
    """A new object and the step that is taken with it."""
    if name == "line":
        line = factories.make_demand(here.leader, here.chain, state=LineState.SUBMITTED)
        return line, f"demand-lines/{line.pk}/verify"
    if name == "round":
        return here.round, f"rounds/{here.round.pk}/close"
    proposal = factories.make_proposal(here.chain)
    return proposal, f"policy-proposals/{proposal.pk}/reject"


def _changes(row: Any) -> int:
    """How often the audit says that the object came into another state."""
    entries = AuditEntry.objects.filter(table=row._meta.db_table, object_id=str(row.pk), action="update")
    return sum("state" in (entry.after or {}) for entry in entries)


def _raced(here: world.World, name: str) -> tuple[list[int], int]:
    token = token_of(here.office)
    row, address = _case(here, name)
    before = _changes(row)
    answers = at_once(
        2, lambda _place: client_with(token).post(f"{API}/{address}/", {}, "application/json").status_code
    )
    return sorted(answers), _changes(row) - before


def test_one_of_two_wins() -> None:
    here = world.build()
    for name in (*CASES, *["line"] * times(1, 50)):
        assert _raced(here, name) == ([200, 409], 1), name


def test_without_the_table_both_win(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    monkeypatch.setattr(Machine, "target", lambda *_asked: LineState.VERIFIED)
    assert _raced(here, "line")[0] == [200, 200]
    assert DemandLine.objects.get().state == LineState.VERIFIED
