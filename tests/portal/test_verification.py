"""The queue of submitted lines: ticks survive a missing reason, and the next line follows a decision."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from matching.lists.models import DemandLine
from matching.lists.states import LineState
from tests import factories, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> world.World:
    """Two lines of the leader firm wait, D1 the longer."""
    here = world.build()
    for key in ("D1", "D2"):
        factories.make_demand(here.leader, here.chain, key=key, state=LineState.SUBMITTED)
    return here


def _client(here: world.World) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(here.office)
    return client


def _states() -> dict[str, str]:
    return dict(DemandLine.objects.values_list("key", "state"))


def test_a_return_without_a_reason_keeps_the_ticks(here: world.World) -> None:
    ticked = str(DemandLine.objects.get(key="D2").pk)
    form = {"action": "return", "line": [ticked], "reason": " "}
    answer = _client(here).post(reverse("verification"), form)
    assert answer.status_code == 422
    assert list(answer.context["ticked"]) == [DemandLine.objects.get(key="D2").pk]
    assert answer.content.decode().count("checked") == 1
    assert "Please give a reason." in answer.content.decode()
    assert _states() == {"D1": "submitted", "D2": "submitted"}
    assert _client(here).post(reverse("verification"), {**form, "reason": "缺少图号"}).status_code == 303
    assert _states() == {"D1": "submitted", "D2": "returned"}


def test_enter_in_the_reason_returns_and_never_verifies(here: world.World) -> None:
    page = _client(here).get(reverse("verification")).content.decode()
    form = page[page.index("bulk-reason") :]
    assert form.index('value="return"') < form.index('value="verify"')
    assert 'value="verify"' not in page[: page.index("bulk-reason")]


def test_the_next_line_follows_a_decision(here: world.World) -> None:
    first, second = DemandLine.objects.order_by("key")
    client = _client(here)
    form = {"action": "verify", "queue": "1"}
    following = client.post(reverse("demand_act", args=[first.pk]), form)
    assert following["Location"] == reverse("demand_detail", args=[second.pk]) + "?queue=1"
    last = client.post(reverse("demand_act", args=[second.pk]), form)
    assert last["Location"] == reverse("verification") + "?side=demand"
