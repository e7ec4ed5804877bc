"""The page of a published list reads no more than it shows, and shows what the list says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from matching.lists.models import SupplyLine
from matching.lists.states import LineState
from matching.runs import queries
from matching.runs.models import Match
from matching.runs.queries.published import DIFFERENCES
from matching.runs.services import publish, set_excluded
from tests import world

pytestmark = pytest.mark.django_db


def test_the_rows_are_those_of_the_content_in_its_order() -> None:
    here = world.build()
    run = world.finished_run(here, demands=4, supplies=5)
    first = Match.objects.filter(run=run).order_by("need_position", "rank")[0]
    set_excluded(pair=(first.demand_id, first.supply_id), excluded=True, reason="价格")
    lapsed = SupplyLine.objects.order_by("key")[3]
    SupplyLine.objects.filter(pk=lapsed.pk).update(state=LineState.WITHDRAWN)
    published = publish(actor=here.office, run_id=run.pk)
    frozen = queries.listed_rows(published)
    rows = queries.ListedRows(published)
    assert len(rows) == len(frozen) > 10
    shown = [{name: row[name] for name in frozen[0]} for row in rows[:]]
    assert shown == [row | {"allocated": Decimal(str(row["allocated"]))} for row in frozen]
    assert [row["supply"] for row in rows[3:6]] == [row["supply"] for row in frozen[3:6]]
    assert rows[1]["supply"] == frozen[1]["supply"]
    titles = queries.titles_of(run.pk, (str(row["supply"]) for row in frozen))
    assert [row["supply_title"] for row in rows[:]] == [titles[str(row["supply"])][0] for row in frozen]


def test_changes_are_counted_whole_and_shown_from_their_beginning() -> None:
    here = world.build()
    run = world.finished_run(here)
    published = publish(actor=here.office, run_id=run.pk)
    [(demand, supply), *_rest] = published.diff["added"]
    many = published.diff | {"added": [[demand, supply]] * (DIFFERENCES + 1)}
    changes = queries.changes_in(run.pk, many)
    assert (changes.added.total, len(changes.added.first)) == (DIFFERENCES + 1, DIFFERENCES)
    assert set(changes.titles) == {demand, supply}
    assert changes.unchanged == published.diff["unchanged"]


def test_the_second_view_of_a_list_says_the_same() -> None:
    here = world.build()
    published = publish(actor=here.office, run_id=world.finished_run(here).pk)
    client = Client()
    client.force_login(here.office)
    pages = [client.get(reverse("published_detail", args=[published.pk])) for _ in range(2)]
    first, second = (page.content.decode().partition("<main")[2] for page in pages)
    assert first == second
    for demand, supply in published.diff["added"]:
        assert demand in first
        assert supply in first
