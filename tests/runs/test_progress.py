"""The console of a run: its stages, a guess of the rest, a look before an open round is matched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from matching.lists.states import LineState
from matching.runs.models import MatchingRun, Shard
from matching.runs.queries.progress import progress
from matching.runs.services import start_run
from matching.runs.states import RunState, ShardStage, ShardState
from tests import factories, world

pytestmark = pytest.mark.django_db


def _ordered(here: world.World) -> MatchingRun:
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    return start_run(actor=here.office, round_id=here.round.pk)


def _client(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def test_stages_workers_and_the_time_that_is_left() -> None:
    here = world.build()
    run = world.indexed(_ordered(here))
    now = timezone.now()
    run.started_at = now - timedelta(seconds=60)
    Shard.objects.filter(run=run, stage=ShardStage.MATCH).delete()
    states = [ShardState.DONE, ShardState.LEASED, ShardState.WAITING]
    for number, state in enumerate(states):
        until = now + timedelta(minutes=1) if state == ShardState.LEASED else None
        Shard.objects.create(run=run, stage=ShardStage.MATCH, number=number, state=state, leased_until=until)
    found = progress(run, now=now)
    assert [(stage.done, stage.total, stage.in_work) for stage in found.stages] == [
        (1, 1, 0),
        (1, 1, 0),
        (1, 3, 1),
        (0, 0, 0),
    ]
    assert (found.workers, found.elapsed, found.remaining) == (
        1,
        timedelta(seconds=60),
        timedelta(seconds=120),
    )


def test_a_lost_worker_is_not_counted_and_nothing_is_guessed_from_nothing() -> None:
    here = world.build()
    run = _ordered(here)
    past = timezone.now() - timedelta(seconds=1)
    Shard.objects.filter(run=run).update(state=ShardState.LEASED, leased_until=past)
    found = progress(run, now=timezone.now())
    assert (found.workers, found.remaining) == (0, None)


def test_a_run_that_waits_says_so_instead_of_no_lines() -> None:
    here = world.build()
    run = _ordered(here)
    for address in (reverse("run_list"), reverse("run_detail", args=[run.pk])):
        page = _client(here.office).get(address).content.decode()
        assert "waiting" in page
        assert "0 demand lines" not in page


def test_an_open_round_is_matched_only_when_one_is_sure() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    client, address = _client(here.office), reverse("run_start")
    asked = client.post(address, {"round": str(here.round.pk)})
    assert "This round is open until" in asked.content.decode()
    assert not MatchingRun.objects.exists()
    assert client.post(address, {"round": str(here.round.pk), "sure": "1"}).status_code == 303
    assert MatchingRun.objects.get().state == RunState.WAITING


def test_a_failed_run_tells_why_and_starts_again() -> None:
    here = world.build()
    run = _ordered(here)
    MatchingRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, error="the index is damaged")
    page = _client(here.office).get(reverse("run_detail", args=[run.pk])).content.decode()
    assert "the index is damaged" in page
    assert f'value="{run.round_id}">Start again' in page
    read_only = _client(here.department).get(reverse("run_detail", args=[run.pk])).content.decode()
    assert "Start again" not in read_only
