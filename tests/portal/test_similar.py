"""Similar products while a line is being typed: what firms find, and what they never learn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import GradeHolding, User
from accounts.roles import Grade
from matching.chains.models import ChainNode, Region
from matching.engine.artefact import sealed
from matching.lists.live import LiveIndex
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.queries import similar
from matching.lists.queries.pace import MOST_A_MINUTE
from matching.lists.services import refresh_live_indexes
from matching.lists.states import LineState
from matching.memory.queries import aliases_of
from matching.memory.services import PastPair, remember_history
from tests import factories, world

pytestmark = pytest.mark.django_db
NOTHING = "No similar product so far."


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """Indexes in a folder of this test, and nothing open from another."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "artefacts": files}
    similar.forget()
    caches["process"].clear()
    yield tmp_path / "live"
    similar.forget()


@pytest.fixture
def here() -> world.World:
    """A chain, an office and two firms."""
    return world.build()


def _offer(here: world.World, title: str = "单晶硅片", **values: Any) -> SupplyLine:
    state = values.pop("state", LineState.VERIFIED)
    return factories.make_supply(here.member, here.chain, state=state, title=title, **values)


def _need(here: world.World, title: str = "单晶硅片", **values: Any) -> DemandLine:
    state = values.pop("state", LineState.VERIFIED)
    return factories.make_demand(here.leader, here.chain, state=state, title=title, **values)


def _public(here: world.World, word: str) -> None:
    """Make it a word of the chain, which would be found wherever it is searched."""
    ChainNode.objects.create(
        chain=here.chain, level="product", code="public", path=["public"], name_zh=word, name_en=word
    )


def _browser(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def _typed(user: User, side: str, title: str, **more: str) -> str:
    response = _browser(user).post(
        reverse(f"{side}_similar"), {"chain": "photovoltaic", "title": title, **more}
    )
    assert response.status_code == 200
    return response.content.decode()


def test_a_leader_firm_sees_product_city_and_grade_of_an_offer(here: world.World) -> None:
    _offer(here)
    GradeHolding.objects.create(organisation=factories.firm_of(here.member), grade=Grade.LITTLE_GIANT)
    Region.objects.create(code="1401", name="太原市", level="city")
    refresh_live_indexes()
    shown = " ".join(_typed(here.leader, "demand", "单晶硅片").split())
    assert '<span class="product">wafer</span>' in shown
    assert '<span class="closeness">very similar</span>' in shown
    assert '<span class="quiet small">太原市 · Little giant</span>' in shown


def test_nothing_forbidden_is_shown(here: world.World) -> None:
    firm = here.member.firms()[0]
    line = _offer(
        here,
        title="晋龙牌单晶硅片",
        description="secret process",
        price_low=41,
        price_high=43,
        free_capacity=977,
        capacity=1977,
        contact_name="Zhang San",
        contact_phone="13800000000",
    )
    refresh_live_indexes()
    shown = _typed(here.leader, "demand", "晋龙牌单晶硅片")
    assert "very similar" in shown
    numbers = ["977", "41", "43", "138"]
    secrets = [firm.name, firm.uscc, line.key, str(line.pk), "晋龙", "secret process", "Zhang", *numbers]
    assert [word for word in secrets if word and word in shown] == []


def test_a_member_firm_sees_product_and_city_of_a_need_and_no_grade(here: world.World) -> None:
    _need(here)
    refresh_live_indexes()
    shown = _typed(here.member, "supply", "单晶硅片")
    assert "very similar" in shown
    assert here.leader.firms()[0].name not in shown
    assert "·" not in shown


def test_a_confidential_need_is_never_found(here: world.World) -> None:
    need = _need(here, confidential=True)
    refresh_live_indexes()
    assert NOTHING in _typed(here.member, "supply", "单晶硅片")
    assert LiveIndex.objects.get(side="demand").lines == 0
    DemandLine.objects.filter(pk=need.pk).update(confidential=False)
    refresh_live_indexes()
    assert NOTHING not in _typed(here.member, "supply", "单晶硅片")
    # Between two refreshes the index still knows it; the page does not show it.
    DemandLine.objects.filter(pk=need.pk).update(confidential=True)
    assert NOTHING in _typed(here.member, "supply", "单晶硅片")


@pytest.mark.parametrize("state", [LineState.DRAFT, LineState.SUBMITTED])
def test_only_verified_lines_are_found(here: world.World, state: LineState) -> None:
    _offer(here, state=state)
    refresh_live_indexes()
    assert NOTHING in _typed(here.leader, "demand", "单晶硅片")


def test_a_withdrawn_line_is_gone_at_once(here: world.World) -> None:
    line = _offer(here)
    refresh_live_indexes()
    SupplyLine.objects.filter(pk=line.pk).update(state=LineState.WITHDRAWN)
    assert NOTHING in _typed(here.leader, "demand", "单晶硅片")


def test_words_that_were_confirmed_for_an_offer_find_nothing(here: world.World) -> None:
    _public(here, "涡轮增压器")
    line = _offer(here)
    pair = PastPair("涡轮增压器", line.organisation.uscc or "", line.key)
    remember_history(actor=here.office, pairs=[pair])
    assert aliases_of(here.chain.pk, "product") == {line.pk: ("涡轮增压器",)}
    refresh_live_indexes()
    assert NOTHING in _typed(here.leader, "demand", "涡轮增压器")


def test_words_of_a_description_find_nothing(here: world.World) -> None:
    _public(here, "涡轮增压器")
    _offer(here, description="涡轮增压器")
    refresh_live_indexes()
    assert NOTHING in _typed(here.leader, "demand", "涡轮增压器")


@pytest.mark.parametrize("title", ["", "单", " 单 "])
def test_too_little_asks_for_more(here: world.World, title: str) -> None:
    _offer(here)
    refresh_live_indexes()
    shown = _typed(here.leader, "demand", title)
    assert "begin to write" in shown
    assert "<li>" not in shown


def test_offers_of_another_chain_are_not_found(here: world.World) -> None:
    _offer(here)
    refresh_live_indexes()
    assert NOTHING in _typed(here.leader, "demand", "单晶硅片", chain="semiconductor")


def test_equal_rows_stand_once(here: world.World) -> None:
    for _ in range(3):
        _offer(here)
    refresh_live_indexes()
    assert _typed(here.leader, "demand", "单晶硅片").count("<li>") == 1


@pytest.mark.parametrize(("typist", "side"), [("leader", "demand"), ("member", "supply")])
def test_the_number_of_queries_is_the_same_for_one_line_and_for_many(
    here: world.World, typist: str, side: str
) -> None:
    def asked() -> int:
        refresh_live_indexes()
        with CaptureQueriesContext(connection) as captured:
            assert "<li>" in _typed(getattr(here, typist), side, "单晶硅片")
        return len(captured)

    _offer(here)
    _need(here)
    first = asked()
    for number in range(4):
        node = ChainNode.objects.create(
            chain=here.chain, level="product", code=f"n{number}", path=["n"], name_zh="片", name_en="n"
        )
        _offer(here, node=node)
        _need(here, node=node)
    # The newer index is opened beside; here it is waited for.
    similar.forget()
    assert asked() == first


@pytest.mark.parametrize("node", ["", "x", "0", "99999999999999999999"])
def test_a_node_that_does_not_exist_changes_nothing(here: world.World, node: str) -> None:
    _offer(here)
    refresh_live_indexes()
    assert "<li>" in _typed(here.leader, "demand", "单晶硅片", node=node)


def test_a_node_helps(here: world.World) -> None:
    _offer(here)
    refresh_live_indexes()
    node = ChainNode.objects.get(chain=here.chain, code="wafer")
    assert "<li>" in _typed(here.leader, "demand", "单晶硅片", node=str(node.pk))


def test_a_kind_that_does_not_exist_finds_nothing(here: world.World) -> None:
    assert "begin to write" in _typed(here.leader, "demand", "单晶硅片", kind="weather")


def test_an_index_is_built_anew_only_where_titles_changed(here: world.World, folder: Path) -> None:
    line = _offer(here)
    assert refresh_live_indexes() == 1
    (first,) = folder.iterdir()
    SupplyLine.objects.filter(pk=line.pk).update(price_low=5)
    assert refresh_live_indexes() == 0
    SupplyLine.objects.filter(pk=line.pk).update(title="单晶硅")
    assert refresh_live_indexes() == 1
    (second,) = folder.iterdir()
    assert first != second
    assert "<li>" in _typed(here.leader, "demand", "单晶硅")


def test_a_lost_file_is_written_again(here: world.World, folder: Path) -> None:
    _offer(here)
    refresh_live_indexes()
    (held,) = folder.iterdir()
    held.unlink()
    assert NOTHING in _typed(here.leader, "demand", "单晶硅片")
    assert refresh_live_indexes() == 1
    assert "<li>" in _typed(here.leader, "demand", "单晶硅片")


def test_a_damaged_file_is_written_again(here: world.World, folder: Path) -> None:
    _offer(here)
    refresh_live_indexes()
    (held,) = folder.iterdir()
    whole = held.read_bytes()
    for damaged in (whole[:-1], b"", b"".join(sealed({"other": np.zeros(3, np.int64)}))):
        held.write_bytes(damaged)
        similar.forget()
        assert NOTHING in _typed(here.leader, "demand", "单晶硅片")
        assert list(folder.iterdir()) == []
        assert refresh_live_indexes() == 1
        assert held.read_bytes() == whole
        assert "<li>" in _typed(here.leader, "demand", "单晶硅片")


def test_an_index_is_built_anew_where_nodes_are_renamed(here: world.World) -> None:
    _offer(here, title="晋龙转接盘")
    refresh_live_indexes()
    assert NOTHING in _typed(here.leader, "demand", "转接盘")
    _public(here, "转接盘")
    assert refresh_live_indexes() == 1
    similar.forget()
    assert "<li>" in _typed(here.leader, "demand", "转接盘")


def test_names_and_models_of_one_firm_can_not_be_guessed(here: world.World) -> None:
    _offer(here, title="单晶硅片 长江七号 NGC-7300")
    refresh_live_indexes()
    answers = [_typed(here.leader, "demand", f"单晶硅片 {word}") for word in ("长江七号", "黄河七号")]
    assert answers[0] == answers[1]
    assert "<li>" in answers[0]
    assert NOTHING in _typed(here.leader, "demand", "NGC-7300")


def test_a_list_without_lines_keeps_no_file(here: world.World, folder: Path) -> None:
    line = _offer(here)
    refresh_live_indexes()
    SupplyLine.objects.filter(pk=line.pk).update(state=LineState.EXPIRED)
    assert refresh_live_indexes() == 1
    assert list(folder.iterdir()) == []
    assert refresh_live_indexes() == 0


def test_a_program_that_asks_too_often_is_told_to_wait(here: world.World) -> None:
    browser, form = _browser(here.leader), {"chain": "photovoltaic", "title": "单"}
    statuses = [browser.post(reverse("demand_similar"), form).status_code for _ in range(MOST_A_MINUTE + 1)]
    assert statuses == [200] * MOST_A_MINUTE + [429]


def test_the_form_asks_when_typing_pauses_and_keeps_the_newest_answer(here: world.World) -> None:
    shown = _browser(here.leader).get(reverse("demand_create")).content.decode()
    assert 'hx-post="/lists/demand/similar/"' in shown
    assert "input changed delay:300ms from:#id_title" in shown
    assert 'hx-sync="this:replace"' in shown
    assert 'aria-live="polite"' in shown
