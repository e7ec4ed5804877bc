"""Capacity that the database can't read is promised once all the same (RELIABILITY 9)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from matching.errors import Conflict, Invalid
from matching.lists.models import SupplyLine
from matching.lists.services import change_round, save_line
from matching.lists.states import LineState, RoundAction
from matching.review.models import Review
from matching.review.services import decide, decisions, review_match
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match
from matching.runs.services import start_run
from tests import factories, world
from tests.torture import times

pytestmark = pytest.mark.django_db(transaction=True)
ALL = Decimal(100_000)
AT_ONCE = 16
"""Threads, each with a connection to the database."""


class _Fair:
    """A member firm's one line, and leader firms that all may have it whole: each waits to say yes."""

    def __init__(self, rivals: int) -> None:
        self.here = here = world.build()
        leaders = [factories.make_user(Role.LEADER_FIRM) for _ in range(rivals)]
        for leader in leaders:
            factories.make_demand(leader, here.chain, state=LineState.VERIFIED)
        self.supply = factories.make_supply(
            here.member, here.chain, state=LineState.VERIFIED, free_capacity=ALL, capacity=2 * ALL
        )
        change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
        run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
        firms = [factories.firm_of(leader) for leader in leaders]
        theirs = Match.objects.filter(run=run, supply=self.supply, demand__organisation__in=firms)
        theirs.update(allocated=ALL)
        self.pairs: list[tuple[User, Review]] = []
        for match in theirs.select_related("demand"):
            review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
            decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
            owner = next(one for one in leaders if one.acts_for(match.demand.organisation_id))
            self.pairs.append((owner, review))

    def accept(self, at: int) -> str:
        """What the leader firm with that number is answered."""
        actor, review = self.pairs[at]
        return _answer(
            lambda: decide(actor=actor, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT), "accepted"
        )

    def lower(self) -> str:
        """The member firm has less than all from now on."""
        owner = factories.firm_of(self.here.member)
        write: dict[str, Any] = {"actor": self.here.member, "model": SupplyLine, "organisation": owner}
        values = {"free_capacity": ALL / 2}
        return _answer(
            lambda: save_line(**write, key=self.supply.key, values=values, rows={}, partial=True), "lowered"
        )

    def state(self) -> tuple[Decimal, Decimal | None, Decimal]:
        """What was promised in all, what there is, and what the line says is committed."""
        line = SupplyLine.objects.get(pk=self.supply.pk)
        accepted = Review.objects.filter(supply=self.supply, state=ReviewState.ACCEPTED)
        held = accepted.values_list("quantity", flat=True)
        return sum(held, Decimal(0)), line.free_capacity, line.committed


def _answer(work: Callable[[], object], word: str) -> str:
    try:
        work()
    except Conflict as conflict:
        return conflict.code
    except Invalid as invalid:
        return ",".join(invalid.fields)
    finally:
        connection.close()
    return word


def test_the_last_capacity_is_given_to_one() -> None:
    rivals = times(8, 200)
    fair = _Fair(rivals)
    with ThreadPoolExecutor(min(rivals, AT_ONCE)) as pool:
        answers = sorted(pool.map(fair.accept, range(rivals)))
    assert answers == ["accepted"] + ["capacity_taken"] * (rivals - 1)
    assert fair.state() == (ALL, ALL, ALL)


def test_who_lowers_the_capacity_while_it_is_taken_does_not_undercut_it() -> None:
    for _ in range(times(2, 50)):
        fair = _Fair(1)
        with ThreadPoolExecutor(2) as pool:
            lowered, accepted = pool.submit(fair.lower), pool.submit(fair.accept, 0)
            answers = (accepted.result(), lowered.result())
        promised, free, committed = fair.state()
        taken = (("accepted", "free_capacity"), (ALL, ALL, ALL))
        kept = (("line_not_valid", "lowered"), (Decimal(0), ALL / 2, Decimal(0)))
        assert (answers, (promised, free, committed)) in (taken, kept)


def test_without_the_lock_it_would_be_promised_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    fair = _Fair(2)
    both_have_read = Barrier(2)

    class Unlocked:
        """The line as it stands, read by both before one of them writes."""

        class objects:  # noqa: N801 (named as Django's)
            @staticmethod
            def select_for_update(**_options: object) -> type[Unlocked.objects]:
                return Unlocked.objects

            @staticmethod
            def get(pk: uuid.UUID) -> SupplyLine:
                line = SupplyLine.objects.get(pk=pk)
                assert line.committed == 0
                both_have_read.wait(timeout=30)
                return line

    monkeypatch.setattr(decisions, "SupplyLine", Unlocked)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(fair.accept, range(2))) == ["accepted", "accepted"]
    assert fair.state()[0] == 2 * ALL
