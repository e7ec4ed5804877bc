"""Cursors: every row once, whatever the order and whatever happens meanwhile; sparse fields."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from matching.http.keyset import Keyset
from matching.lists.models import SupplyLine
from matching.lists.states import LineState
from tests import factories
from tests.api.story import API, Story

LINES = f"{API}/supply-lines/"
ORDERS = ("", "-key", "valid_until", "-chain", "submitted_at", "-submitted_at", "-updated_at")


def _asked(client: Any, address: str) -> tuple[int, Any]:
    """How often the database was asked, and the answer; roles are known by then."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address).json()
    return len(captured), answer


def _walk(client: Any, address: str) -> list[str]:
    ids: list[str] = []
    following: str | None = address
    while following:
        page = client.get(following).json()
        assert page.keys() == {"next", "next_cursor", "results"}
        ids += [row["id"] for row in page["results"]]
        following = page["next"]
    return ids


def _more_lines(story: Story) -> None:
    here = story.world
    for number in range(7):
        # Ties and nulls: places that only a complete order tells apart.
        line = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
        moment = None if number % 3 == 0 else f"2030-01-0{1 + number // 4}T00:00:00+08:00"
        SupplyLine.objects.filter(pk=line.pk).update(valid_until="2030-01-01", submitted_at=moment)


def test_cursors_meet_every_row_once_and_in_order(story: Story) -> None:
    _more_lines(story)
    office = story.client("office")
    for order in ORDERS:
        query = f"?ordering={order}&" if order else "?"
        whole = [row["id"] for row in office.get(f"{LINES}{query}page_size=500").json()["results"]]
        assert len(whole) > 8
        for size in (1, 3):
            assert _walk(office, f"{LINES}{query}page_size={size}") == whole, (order, size)


def test_rows_that_come_and_go_neither_repeat_nor_hide_others(story: Story) -> None:
    _more_lines(story)
    office, here = story.client("office"), story.world
    before = [row["id"] for row in office.get(f"{LINES}?ordering=key&page_size=500").json()["results"]]
    first = office.get(f"{LINES}?ordering=key&page_size=3").json()
    SupplyLine.objects.filter(pk=first["results"][0]["id"]).update(state=LineState.DRAFT)
    SupplyLine.objects.filter(pk=first["results"][2]["id"]).update(state=LineState.DRAFT)
    new = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, key="0")
    assert first["results"][0]["key"] > new.key
    assert _walk(office, first["next"]) == before[3:]


def test_a_cursor_belongs_to_one_person_list_filter_and_order(story: Story) -> None:
    office = story.client("office")
    assert (
        office.get(f"{LINES}?page_size=1").headers["ETag"]
        == office.get(f"{LINES}?page_size=1").headers["ETag"]
    )
    cursor = quote(office.get(f"{LINES}?page_size=1&ordering=key").json()["next_cursor"])
    foreign = {
        "another person": story.client("department").get(f"{LINES}?ordering=key&cursor={cursor}"),
        "another order": office.get(f"{LINES}?ordering=-key&cursor={cursor}"),
        "another filter": office.get(f"{LINES}?ordering=key&kind=product&cursor={cursor}"),
        "another list": office.get(f"{API}/demand-lines/?ordering=key&cursor={cursor}"),
        "a changed letter": office.get(f"{LINES}?ordering=key&cursor={_changed(cursor)}"),
    }
    got = {
        name: (answer.status_code, answer.json()["errors"][0]["field"]) for name, answer in foreign.items()
    }
    assert got == dict.fromkeys(foreign, (400, "cursor"))
    assert office.get(f"{LINES}?ordering=key&cursor={cursor}&page_size=2&count=true").status_code == 200


def _changed(cursor: str) -> str:
    return cursor[:20] + ("A" if cursor[20] != "A" else "B") + cursor[21:]


def test_rows_are_counted_only_where_it_is_asked_for(story: Story) -> None:
    office = story.client("office")
    plain, answer = _asked(office, f"{LINES}?page_size=500")
    assert "count" not in answer
    counted, few = _asked(office, f"{LINES}?count=true&page_size=2")
    assert few["count"] == len(answer["results"])
    assert counted == plain + 1


def test_matches_of_a_firm_are_paged_too(story: Story) -> None:
    member = story.client("member")
    whole = [row["id"] for row in member.get(f"{API}/my-matches/").json()["results"]]
    assert len(whole) > 1
    assert _walk(member, f"{API}/my-matches/?page_size=1") == whole


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.sampled_from("ab")), max_size=8),
    order=st.lists(
        st.sampled_from(
            ["lead_time", "-lead_time", "stage_word", "-stage_word", "organisation__name", "-pk"]
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda name: name.lstrip("-"),
    ),
)
def test_after_each_row_comes_the_rest(rows: list[tuple[int | None, str]], order: list[str]) -> None:
    with transaction.atomic():
        chain = factories.make_chain("photovoltaic")
        member = factories.make_user(Role.MEMBER_FIRM)
        for lead_time, word in rows:
            factories.make_supply(member, chain, lead_time=lead_time, category_code=word)
        named = [name.replace("stage_word", "category_code") for name in order]
        keys = Keyset(SupplyLine.objects.order_by(*named))
        whole = list(keys.rows)
        for place, row in enumerate(whole, 1):
            assert list(keys.after(keys.position(row))) == whole[place:]
        transaction.set_rollback(True)


def test_sparse_fields_answer_with_these_alone(story: Story) -> None:
    leader = story.client("leader")
    address = f"{API}/demand-lines/{story.names['verified_demand']}/"
    whole = leader.get(address).json()
    wanted = {"id": whole["id"], "firm": {"name": whole["firm"]["name"]}, "title": whole["title"]}
    assert leader.get(f"{address}?fields=title,id,firm.name").json() == wanted
    listed = leader.get(f"{API}/demand-lines/?fields=title,id,firm.name").json()["results"]
    assert wanted in listed
    assert all(row.keys() == wanted.keys() for row in listed)


def test_sparse_fields_show_no_secret_and_spare_the_queries(story: Story) -> None:
    head = story.client("head")
    address = f"{API}/demand-lines/"
    shown = head.get(f"{address}?fields=key,price_ceiling").json()["results"]
    assert shown
    assert all(row.keys() == {"key"} for row in shown)
    sparse, _answer = _asked(head, f"{address}?fields=key")
    rows, _answer = _asked(head, f"{address}?fields=key,requirements")
    assert sparse == rows - 1


def test_who_offers_no_fields_says_so(story: Story) -> None:
    leader = story.client("leader")
    for address in (f"{API}/kinds/", f"{API}/demand-lines/{story.names['verified_demand']}/events/"):
        answer = leader.get(f"{address}?fields=code")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_parameter")
