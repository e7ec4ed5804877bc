"""What the page that publishes says before it does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from matching.review.services import review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match
from matching.runs.services import publish, start_run
from tests import world

pytestmark = pytest.mark.django_db


def _page(client: Client, here: world.World, run_id: object) -> str:
    client.force_login(here.office)
    return client.get(reverse("run_publish", args=[run_id])).content.decode()


def test_what_is_not_reviewed_is_counted_and_linked(client: Client) -> None:
    here = world.build()
    run = world.finished_run(here)
    first, *others = Match.objects.filter(run=run).order_by("rank")
    assert f"还有 {1 + len(others)} 条匹配尚未审核" in _page(client, here, run.pk)
    review_match(actor=here.office, match_id=first.pk, action=ReviewAction.SHORTLIST)
    assert f"还有 {len(others)} 条匹配尚未审核" in _page(client, here, run.pk)


def test_a_first_list_is_compared_with_nothing(client: Client) -> None:
    here = world.build()
    first = world.finished_run(here)
    assert "本链第一号清单将包含" in _page(client, here, first.pk)
    publish(actor=here.office, run_id=first.pk)
    second = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert "与上一号清单相比" in _page(client, here, second.pk)
