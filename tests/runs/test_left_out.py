"""What publishing would leave out is told before it is published, and is what the list then names."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services import change_line
from matching.lists.states import LineAction, LineState
from matching.runs.models import FrozenLine, MatchingRun, Side
from matching.runs.queries import Omission, left_out
from matching.runs.queries.left_out import Why
from matching.runs.services import publish
from tests import world

pytestmark = pytest.mark.django_db


def _changed() -> tuple[world.World, MatchingRun, dict[str, Why]]:
    """A run of six lines, four of which changed in different ways; expected reasons by key."""
    here = world.build()
    run = world.finished_run(here, demands=3, supplies=3)
    keys = dict(FrozenLine.objects.filter(run=run).values_list("line_id", "key"))
    needs, offers = DemandLine.objects.order_by("key"), SupplyLine.objects.order_by("key")
    change_line(actor=here.leader, model=DemandLine, line_id=needs[0].pk, action=LineAction.WITHDRAW)
    DemandLine.objects.filter(pk=needs[1].pk).update(fingerprint="another")
    change_line(
        actor=here.office,
        model=SupplyLine,
        line_id=offers[0].pk,
        action=LineAction.RETURN,
        reason="请补充产能",
    )
    SupplyLine.objects.filter(pk=offers[1].pk).update(state=LineState.EXPIRED)
    expected = {
        needs[0].pk: Why.WITHDRAWN,
        needs[1].pk: Why.REWRITTEN,
        offers[0].pk: Why.RETURNED,
        offers[1].pk: Why.EXPIRED,
    }
    return here, run, {keys[line]: why for line, why in expected.items()}


def test_nothing_is_left_out_while_nothing_changed() -> None:
    here = world.build()
    assert left_out(world.finished_run(here)) == Omission()


def test_each_line_with_its_reason_and_the_matches_that_go_with_it() -> None:
    here, run, expected = _changed()
    before = run.match_set.filter(excluded=False).count()
    told = left_out(run)
    assert {line.key: line.why for line in told.lines} == expected
    published = publish(actor=here.office, run_id=run.pk)
    assert set(msgspec.json.decode(published.content)["lapsed"]) == set(expected)
    assert before - told.matches == published.matches


def test_a_line_that_is_no_longer_there() -> None:
    here = world.build()
    run = world.finished_run(here)
    frozen = FrozenLine.objects.filter(run=run, side=Side.NEED)
    frozen.update(line_id="00000000-0000-4000-8000-000000000000")
    assert [line.why for line in left_out(run).lines] == [Why.GONE]


@pytest.mark.parametrize(("state", "why"), [("draft", Why.DRAFT), ("submitted", Why.SUBMITTED)])
def test_a_line_that_is_being_changed(state: str, why: Why) -> None:
    here = world.build()
    run = world.finished_run(here)
    DemandLine.objects.update(state=state)
    assert [line.why for line in left_out(run).lines] == [why]


def test_the_page_names_the_lines_and_their_firms(client: Client) -> None:
    here, run, expected = _changed()
    client.force_login(here.office)
    text = client.get(reverse("run_publish", args=[run.pk])).content.decode()
    for key in expected:
        assert f'<span class="mono quiet">{key}</span>' in text
    for why in set(expected.values()):
        assert f"{why.label} (1)" in text
    assert here.leader.firms()[0].name in text
    assert here.member.firms()[0].name in text


def test_the_page_says_that_nothing_is_left_out(client: Client) -> None:
    here = world.build()
    run = world.finished_run(here)
    client.force_login(here.office)
    text = client.get(reverse("run_publish", args=[run.pk])).content.decode()
    assert "没有：自运算开始以来没有条目变动。" in text
