"""Published lists: from the newest runs alone, of lines as they were frozen, one at a time in a chain."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from matching.chains.models import Chain
from matching.errors import Conflict
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services import change_line, change_round
from matching.lists.states import LineAction, LineState, RoundAction
from matching.memory.queries import aliases_of
from matching.notices.models import Notice
from matching.runs import queries
from matching.runs.models import FrozenLine, Gap, Match, MatchingRun
from matching.runs.services import finishing, freezing, preview, publish, publishing, set_excluded, start_run
from matching.runs.services.decided import Awarded
from matching.runs.services.publishing import ListContent, list_content
from tests import factories, world

pytestmark = pytest.mark.django_db


def _again(here: world.World) -> MatchingRun:
    return world.compute(start_run(actor=here.office, round_id=here.round.pk))


def _refused(here: world.World, run: MatchingRun) -> str:
    with pytest.raises(Conflict) as refused, transaction.atomic():
        publish(actor=here.office, run_id=run.pk)
    return refused.value.code


def test_a_run_from_before_the_closing_is_not_published() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    early = _again(here)
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    assert _refused(here, early) == "run_too_old"
    assert publish(actor=here.office, run_id=_again(here).pk).number == 1


def test_an_older_run_is_not_published_after_a_newer_one() -> None:
    here = world.build()
    older = world.finished_run(here)
    publish(actor=here.office, run_id=_again(here).pk)
    assert _refused(here, older) == "run_too_old"


def test_a_change_of_unit_after_the_freeze_changes_nothing() -> None:
    here = world.build()
    run = world.finished_run(here)
    before = list_content(run)
    SupplyLine.objects.update(unit="万片")
    assert list_content(run) == before
    assert {row.unit for row in before.matches} == {"片"}


@pytest.mark.parametrize("model", [DemandLine, SupplyLine])
def test_a_line_that_was_withdrawn_after_the_freeze_is_left_out(model: type[DemandLine | SupplyLine]) -> None:
    here = world.build()
    run = world.finished_run(here, demands=2, supplies=2)
    match = Match.objects.filter(run=run)[0]
    side, owner = ("demand", here.leader) if model is DemandLine else ("supply", here.member)
    line = getattr(match, side)
    change_line(actor=owner, model=type(line), line_id=line.pk, action=LineAction.WITHDRAW)
    content = list_content(run)
    key = FrozenLine.objects.get(run=run, line_id=line.pk).key
    assert content.lapsed == (key,)
    assert key not in {name for row in content.matches for name in (row.demand, row.supply)}
    publish(actor=here.office, run_id=run.pk)
    assert not Match.objects.filter(run=run, listed=True, **{side: line}).exists()
    assert Match.objects.filter(run=run, listed=True).count() == len(content.matches) == 2


def test_a_line_that_was_rewritten_and_verified_again_is_left_out() -> None:
    here = world.build()
    run = world.finished_run(here, supplies=1)
    SupplyLine.objects.update(fingerprint="0" * 64)
    assert list_content(run).matches == ()


def test_titles_stay_as_they_were_compared() -> None:
    here = world.build()
    run = world.finished_run(here)
    DemandLine.objects.update(title="草稿里的新名称", state=LineState.DRAFT)
    assert {match.demand_title for match in Match.objects.filter(run=run)} == {"N型单晶硅片"}
    keys = [line.key for line in FrozenLine.objects.filter(run=run)]
    titles = queries.titles_of(run.pk, keys)
    assert titles.keys() == set(keys)
    assert {title for title, _firm in titles.values()} == {"N型单晶硅片"}
    assert {firm for _title, firm in titles.values()} == {
        factories.firm_of(here.leader).name,
        factories.firm_of(here.member).name,
    }


def test_a_gap_keeps_its_title() -> None:
    here = world.build()
    run = world.finished_run(here, supplies=0)
    assert Gap.objects.get(run=run).demand_title == "N型单晶硅片"


def test_progress_polls_leave_long_texts_in_the_database() -> None:
    here = world.build()
    run = world.finished_run(here)
    publish(actor=here.office, run_id=run.pk)
    publish(actor=here.office, run_id=_again(here).pk)
    with CaptureQueriesContext(connection) as captured:
        found = list(queries.runs(here.office))
        found_lists = list(queries.published(here.office))
    assert (len(captured), len(found), len(found_lists)) == (2, 2, 2)
    read = " ".join(query["sql"].split(" FROM ")[0] for query in captured)
    assert not any(f'"{name}"' in read for name in ("glossary", "awards", "exclusions", "content"))


@pytest.mark.parametrize("firms", [1, 6])
def test_publishing_costs_the_same_for_every_number_of_firms(firms: int) -> None:
    here = world.build()
    run = _run_with_firms(here, firms)
    with CaptureQueriesContext(connection) as captured:
        published = publish(actor=here.office, run_id=run.pk)
    assert Notice.objects.filter(key=f"published:{published.pk}").count() == firms + 1
    assert len(captured) < 35


def _run_with_firms(here: world.World, firms: int) -> MatchingRun:
    for _ in range(firms):
        member = factories.make_user(Role.MEMBER_FIRM)
        factories.make_supply(member, here.chain, state=LineState.VERIFIED)
    return world.finished_run(here, supplies=0)


def _elsewhere(action: Callable[[], Any]) -> bool:
    """Whether another connection may do it now."""

    def attempt() -> bool:
        try:
            with transaction.atomic():
                action()
        except OperationalError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(attempt).result()


@pytest.mark.django_db(transaction=True)
def test_demand_is_held_while_a_run_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    demand = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    answers: list[bool] = []

    def watched(chain: str, kind: str) -> Any:
        rows: Any = DemandLine.objects.select_for_update(nowait=True)
        answers.append(_elsewhere(partial(rows.get, pk=demand.pk)))
        return aliases_of(chain, kind)

    monkeypatch.setattr(freezing, "aliases_of", watched)
    world.prepare(start_run(actor=here.office, round_id=here.round.pk))
    assert answers == [False]


@pytest.mark.django_db(transaction=True)
def test_decisions_wait_for_publishing_and_for_the_end_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.build()
    answers: list[bool] = []

    def watch(module: Any, name: str) -> None:
        real = getattr(module, name)

        def watched(*arguments: Any) -> Any:
            answers.append(_elsewhere(lambda: _chain_at_once(here.chain)))
            return real(*arguments)

        monkeypatch.setattr(module, name, watched)

    watch(finishing, "_store_pairs")
    run = world.finished_run(here)
    watch(publishing, "_content")
    publish(actor=here.office, run_id=run.pk)
    assert answers == [False, False]


def _chain_at_once(chain: Chain) -> Chain:
    return Chain.objects.select_for_update(no_key=True, nowait=True).get(pk=chain.pk)


@pytest.mark.django_db(transaction=True)
def test_excluding_holds_the_chain() -> None:
    here = world.build()
    match = Match.objects.filter(run=world.finished_run(here))[0]
    with transaction.atomic():
        set_excluded(pair=(match.demand_id, match.supply_id), excluded=True, reason="理由")
        assert _elsewhere(lambda: _chain_at_once(here.chain)) is False
    match.refresh_from_db()
    assert match.excluded


def test_what_is_accepted_is_not_called_removed() -> None:
    here = world.build()
    first = list_content(world.finished_run(here))
    gone = ListContent(chain="", kind="", policy=1, input_hash="", result_hash="")
    removed = publishing.difference(first, gone).removed
    awarded = tuple(
        Awarded(demand=demand, supply=supply, quantity=Decimal(1), unit="片") for demand, supply in removed
    )
    kept = ListContent(chain="", kind="", policy=1, input_hash="", result_hash="", accepted=awarded)
    assert len(removed) == 2
    assert publishing.difference(first, kept).removed == ()
    assert preview(MatchingRun.objects.get()).removed == ()


def test_a_leader_firm_learns_how_many_suppliers_are_new_to_it() -> None:
    here = world.build()
    world.finished_run(here, supplies=1)
    first = publish(actor=here.office, run_id=_again(here).pk)
    for _ in range(2):
        factories.make_supply(factories.make_user(Role.MEMBER_FIRM), here.chain, state=LineState.VERIFIED)
    second = publish(actor=here.office, run_id=_again(here).pk)

    def told(published: Any, person: Any) -> list[bool]:
        notice = Notice.objects.get(user=person, key=f"published:{published.pk}")
        return ["2 家供应商" in notice.text_zh, "2 new suppliers since your last list" in notice.text_en]

    assert told(first, here.leader) == [False, False]
    assert told(second, here.leader) == [True, True]
    assert told(second, here.member) == [False, False]
