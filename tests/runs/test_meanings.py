"""Runs use what lines mean where a model is set, and cost nothing more where none is."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.engine.retrieval.meanings import compact
from matching.engine.types import Need, Offer
from matching.engine.wire import decode
from matching.lists.states import LineState
from matching.meanings.models import TextMeaning
from matching.runs.models import FrozenLine, Match, MatchingRun, Side
from matching.runs.services import learn_meanings, start_run
from matching.runs.services import meanings as module
from tests import factories, world
from tests.meanings.models_of import Topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Topics:
    """A model that is set."""
    found = Topics()
    settings.SEMANTIC = {"model": found.name, "url": "https://models.example.cn/v1", "key": ""}
    monkeypatch.setattr(module, "encoder", lambda **_: found)
    return found


@pytest.fixture
def here() -> world.World:
    """A demand and two supplies that share no word with it."""
    here = world.build()
    verified = LineState.VERIFIED
    factories.make_demand(here.leader, here.chain, title="水泵", description="", state=verified)
    factories.make_supply(here.member, here.chain, title="抽水机", description="", state=verified)
    factories.make_supply(here.member, here.chain, title="木门", description="", state=verified)
    return here


def _frozen(run: MatchingRun) -> tuple[list[bytes], list[tuple[bytes, ...]]]:
    payloads = FrozenLine.objects.filter(run=run).order_by("position")
    needs = payloads.filter(side=Side.NEED).values_list("payload", flat=True)
    offers = payloads.filter(side=Side.OFFER).values_list("payload", flat=True)
    return (
        [decode(payload.encode(), Need).meaning for payload in needs],
        [decode(payload.encode(), Offer).meanings for payload in offers],
    )


def test_what_is_known_is_frozen_with_the_lines(here: world.World, model: Topics) -> None:
    before = world.prepare(start_run(actor=here.office, round_id=here.round.pk))
    assert _frozen(before) == ([b""], [(), ()])
    world.compute(before)
    assert learn_meanings() == 3
    after = world.prepare(start_run(actor=here.office, round_id=here.round.pk))
    assert _frozen(after) == ([compact([1, 0])], [(compact([0.9, 0.1]),), (compact([0, 1]),)])
    assert before.input_hash != after.input_hash
    assert learn_meanings() == 0


def test_a_run_with_meanings_is_computed(here: world.World, model: Topics) -> None:
    learn_meanings()
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    first = Match.objects.filter(run=run).order_by("rank").first()
    assert first is not None
    assert first.supply_title == "抽水机"


def test_without_a_model_nothing_is_read_or_encoded(here: world.World) -> None:
    assert learn_meanings() == 0
    TextMeaning.objects.create(model="topics", digest="0" * 64, vector=b"\1")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run = world.prepare(start_run(actor=here.office, round_id=here.round.pk))
    assert not [query for query in queries if "textmeaning" in query["sql"]]
    assert _frozen(run) == ([b""], [(), ()])
    assert TextMeaning.objects.count() == 1


def test_lines_that_are_not_matched_are_not_encoded(here: world.World, model: Topics) -> None:
    factories.make_supply(here.member, here.chain, title="机密草稿", state=LineState.DRAFT)
    learn_meanings()
    assert sorted(model.encoded) == [(False, "抽水机"), (False, "木门"), (True, "水泵")]
