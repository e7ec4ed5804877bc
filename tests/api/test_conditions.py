"""ETags and ``If-Match``: nobody overwrites what they have not read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_django import Settings

from accounts.roles import Role
from matching.http import guarding
from matching.lists.models import DemandLine
from matching.lists.states import LineState
from tests import factories
from tests.api.matrix import TABLE
from tests.api.parallel import at_once, client_with, token_of
from tests.api.story import API, Story, client_of
from tests.torture import times

MOVING = ("/changes/",)
"""What answers anew each time: its cursor says how far it has looked."""


def _code(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_every_object_has_a_strong_etag_and_is_not_sent_twice(story: Story) -> None:
    office = story.client("office")
    for operation in TABLE:
        if operation.method != "GET" or operation.status("office") != 200 or operation.path in MOVING:
            continue
        address = API + operation.path.format(**story.names)
        first = office.get(address)
        if first.streaming or first.headers["Content-Type"] != "application/json":
            continue
        etag = first.headers["ETag"]
        assert etag.startswith('"'), operation.path
        again = office.get(address, headers={"if-none-match": f'"other", {etag}'})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag), operation.path


def test_an_etag_is_the_readers_own(story: Story) -> None:
    address = f"{API}/demand-lines/{story.names['verified_demand']}/"
    person = story.people["leader"]
    clients = [story.client("office"), story.client("head"), client_of(person), client_of(person, "zh-hans")]
    answers = [client.get(address) for client in clients]
    assert answers[0].headers["ETag"] != answers[1].headers["ETag"]
    vary = {name.strip() for name in answers[0].headers["Vary"].split(",")}
    assert {"Accept-Language", "Authorization", "Cookie"} <= vary


def test_a_write_answers_with_the_etag_of_the_next_read(story: Story) -> None:
    leader = story.client("leader")
    made = leader.post(f"{API}/demand-lines/", {"chain": "photovoltaic", "title": "电池片", "quantity": "5"})
    address = f"{API}/demand-lines/{made.json()['id']}/"
    assert made.headers["ETag"] == leader.get(address).headers["ETag"]
    patched = leader.patch(address, {"title": "新"}, headers={"if-match": made.headers["ETag"]})
    assert patched.status_code == 200
    assert patched.headers["ETag"] == leader.get(address).headers["ETag"] != made.headers["ETag"]


def test_what_was_changed_since_is_not_overwritten(story: Story) -> None:
    leader = story.client("leader")
    address = f"{API}/demand-lines/{story.names['draft_demand']}/"
    etag = leader.get(address).headers["ETag"]
    DemandLine.objects.filter(pk=story.names["draft_demand"]).update(title="由别人改过")
    old = {"if-match": etag}
    assert _code(leader.patch(address, {"title": "新"}, headers=old)) == (412, "precondition_failed")
    assert _code(leader.post(f"{address}submit/", headers=old)) == (412, "precondition_failed")
    # A proxy that compresses makes an ETag weak; that is told apart from an object that has changed.
    for written in (f"W/{etag}", etag.strip('"'), ""):
        answer = leader.post(f"{address}submit/", headers={"if-match": written})
        assert _code(answer) == (412, "weak_etag"), written
    assert DemandLine.objects.get(pk=story.names["draft_demand"]).title == "由别人改过"
    assert leader.post(f"{address}submit/", headers={"if-match": "*"}).status_code == 200


def test_firms_answer_with_the_etag_of_their_own_view(story: Story) -> None:
    member = story.client("member")
    etag = member.get(f"{API}/my-matches/{story.names['review']}/").headers["ETag"]
    address = f"{API}/reviews/{story.names['review']}/accept/"
    assert _code(member.post(address, {}, headers={"if-match": '"other"'}))[0] == 412
    answer = member.post(address, {}, headers={"if-match": etag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] == member.get(f"{API}/my-matches/{story.names['review']}/").headers["ETag"]


def test_an_absent_object_is_absent_whatever_the_etag(story: Story) -> None:
    leader = story.client("leader")
    address = f"{API}/demand-lines/00000000-0000-4000-8000-000000000000/"
    assert _code(leader.patch(address, {"title": "新"}, headers={"if-match": "*"})) == (404, "not_found")


def test_where_there_is_no_object_if_match_is_refused(story: Story) -> None:
    answer = story.client("leader").post(f"{API}/demand-lines/", {}, headers={"if-match": "*"})
    assert _code(answer) == (412, "no_etag")


def test_an_installation_may_require_it(story: Story, settings: Settings) -> None:
    settings.API_IF_MATCH = "required"
    leader = story.client("leader")
    address = f"{API}/demand-lines/{story.names['draft_demand']}/"
    assert _code(leader.patch(address, {"title": "新"})) == (428, "precondition_required")
    etag = leader.get(address).headers["ETag"]
    assert leader.patch(address, {"title": "新"}, headers={"if-match": etag}).status_code == 200
    assert leader.post(f"{address}submit/").status_code == 200


def _race(number: int) -> list[int]:
    chain = factories.make_chain("photovoltaic", "光伏")
    leader = factories.make_user(Role.LEADER_FIRM)
    line = factories.make_demand(leader, chain, state=LineState.DRAFT)
    address = f"{API}/demand-lines/{line.pk}/"
    client = client_with(token_of(leader))
    etag = client.get(address).headers["ETag"]

    def write(place: int) -> int:
        body = json.dumps({"title": f"硅片{place}"})
        return client.patch(
            address, body, content_type="application/json", headers={"if-match": etag}
        ).status_code

    return at_once(number, write)


@pytest.mark.django_db(transaction=True)
def test_of_many_writers_with_one_etag_one_writes() -> None:
    statuses = _race(times(25, 200))
    assert sorted(statuses) == [200] + [412] * (len(statuses) - 1)


@pytest.mark.django_db(transaction=True)
def test_a_comparison_outside_the_transaction_would_let_more_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without one state of the database from comparing to writing, the race is lost."""

    def torn(once: Any, *, stable: bool) -> Any:
        return once()

    monkeypatch.setattr(guarding, "tried_again", torn)
    assert sum(status == 200 for status in _race(25)) > 1
