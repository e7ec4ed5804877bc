"""What was confirmed is found by its words in the next run, and never passes a condition that is not met."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from matching.lists.models import SupplyLine
from matching.lists.services import change_round
from matching.lists.states import LineState, RoundAction
from matching.memory.services import PastPair, remember, revoke
from matching.runs.models import Match, MatchingRun, NearMiss
from matching.runs.queries import tell
from matching.runs.services import start_run
from tests import factories, world

pytestmark = pytest.mark.django_db
WORDS = "太阳能薄型基材"
THICKNESS = {"parameter": "厚度", "unit": "μm"}


def _lists(here: world.World, **demand: Any) -> SupplyLine:
    """A need whose words no offer has, and two offers."""
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, title=WORDS, node=None, **demand)
    meant, _other = (
        factories.make_supply(
            here.member,
            here.chain,
            state=LineState.VERIFIED,
            title=title,
            node=None,
            properties=({**THICKNESS, "low": Decimal(130), "high": Decimal(130)},),
        )
        for title in ("N型单晶硅片", "轴承座")
    )
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    return meant


def _run(here: world.World) -> MatchingRun:
    return world.compute(start_run(actor=here.office, round_id=here.round.pk))


def _pair(line: SupplyLine) -> PastPair:
    return PastPair(WORDS, line.organisation.uscc or "", line.key)


def test_it_is_found_as_long_as_it_is_in_force() -> None:
    here = world.build()
    meant = _lists(here)
    assert not Match.objects.filter(run=_run(here)).exists()
    known = remember(actor=here.office, pair=_pair(meant))
    match = Match.objects.get(run=_run(here))
    assert (match.supply_id, match.confirmed) == (meant.pk, True)
    revoke(actor=here.office, confirmation_id=known.pk, reason="不是同一产品")
    assert not Match.objects.filter(run=_run(here)).exists()


def test_the_explanation_says_so_and_quotes_no_words() -> None:
    here = world.build()
    remember(actor=here.office, pair=_pair(_lists(here)))
    [told] = tell(Match.objects.filter(run=_run(here)))
    reasons = {one["criterion"]: one["reason"] for one in told.criteria}
    assert "confirmed before" in reasons["text"]["en"]
    assert all(WORDS not in text for reason in reasons.values() for text in reason.values())


def test_a_hard_condition_that_is_not_met_keeps_it_out() -> None:
    here = world.build()
    thinner = {**THICKNESS, "operator": "at_most", "high": Decimal(100), "hard": True}
    meant = _lists(here, requirements=(thinner,))
    remember(actor=here.office, pair=_pair(meant))
    run = _run(here)
    assert not Match.objects.filter(run=run).exists()
    assert NearMiss.objects.get(run=run).supply_id == meant.pk


def test_a_line_that_names_another_product_is_not_taken_for_the_one_that_was_confirmed() -> None:
    here = world.build()
    meant = _lists(here)
    remember(actor=here.office, pair=_pair(meant))
    SupplyLine.objects.filter(pk=meant.pk).update(title="液压支架")
    assert not Match.objects.filter(run=_run(here)).exists()
