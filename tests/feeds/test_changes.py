"""The changes feed: nothing is left out, nothing is told that the reader may not see."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.keyring import decrypt, encrypt
from accounts.models import Membership, User
from accounts.roles import Role
from matching.feeds.models import Change, Gathering
from matching.feeds.services import gather
from matching.feeds.sources import BY_EVENT, SOURCES
from matching.lists.models import DemandLine
from matching.lists.services import change_line
from matching.lists.states import LineAction, LineState
from matching.meetings.services import decide as decide_meeting
from matching.meetings.services import propose
from matching.meetings.states import MeetingAction
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match
from tests import factories, world
from tests.api.story import Story
from tests.feeds.feeding import ask, by_id, catch_up, seal_and_gather, told
from tests.services import current_database_url


@pytest.fixture
def here(db: None) -> world.World:
    return world.build()


def _now(person: User) -> str:
    catch_up()
    return str(ask(person, "now").json()["next"])


def _lines(person: User, since: str) -> list[tuple[str, str | None]]:
    catch_up()
    return [(id_, state) for type_, id_, state in told(person, since) if type_ == "demand_line.changed"]


def test_a_change_is_told_to_who_sees_the_object_and_to_nobody_else(here: world.World) -> None:
    rival = factories.make_user(Role.LEADER_FIRM)
    people = (here.leader, here.office, here.member, rival)
    cursors = {person.pk: _now(person) for person in people}
    line = factories.make_demand(here.leader, here.chain)
    assert _lines(here.leader, cursors[here.leader.pk]) == [(str(line.pk), "draft")]
    assert _lines(here.office, cursors[here.office.pk]) == []
    change_line(actor=here.leader, model=DemandLine, line_id=line.pk, action=LineAction.SUBMIT)
    assert [_lines(person, cursors[person.pk]) for person in people] == [
        [(str(line.pk), "submitted")],
        [(str(line.pk), "submitted")],
        [],
        [],
    ]


def test_an_entry_says_where_the_object_is_read_and_nothing_of_it(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain, price_ceiling=13)
    catch_up()
    (entry,) = ask(here.leader, types="demand_line.changed").json()["changes"]
    assert entry.keys() == {"type", "id", "href", "state", "at"}
    assert entry["href"] == f"/api/v1/demand-lines/{line.pk}/"


def test_an_object_stands_once_at_its_last_change(here: world.World) -> None:
    since = _now(here.leader)
    first = factories.make_demand(here.leader, here.chain)
    second = factories.make_demand(here.leader, here.chain)
    assert _lines(here.leader, since) == [(str(first.pk), "draft"), (str(second.pk), "draft")]
    change_line(actor=here.leader, model=DemandLine, line_id=first.pk, action=LineAction.SUBMIT)
    assert _lines(here.leader, since) == [(str(second.pk), "draft"), (str(first.pk), "submitted")]
    assert Change.objects.filter(event="demand_line.changed").count() == 2


def test_pages_lead_on_without_gap_or_overlap_and_next_is_always_there(here: world.World) -> None:
    lines = [str(factories.make_demand(here.leader, here.chain).pk) for _ in range(7)]
    catch_up()
    seen: list[str] = []
    since, pages = "", 0
    while True:
        body = ask(here.leader, since, types="demand_line.changed", limit=3).json()
        seen += [one["id"] for one in body["changes"]]
        since, pages = body["next"], pages + 1
        if not body["more"]:
            break
    assert (seen, pages) == (lines, 3)
    last = ask(here.leader, since).json()
    assert (last["changes"], last["more"]) == ([], False)
    late = factories.make_demand(here.leader, here.chain)
    assert _lines(here.leader, last["next"]) == [(str(late.pk), "draft")]


def test_a_price_is_news_only_to_who_may_know_prices(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, price_ceiling=12)
    city = factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",))
    people = (here.leader, here.office, city, here.department)
    cursors = [_now(person) for person in people]
    DemandLine.objects.filter(pk=line.pk).update(price_ceiling=11)
    got = [_lines(person, since) for person, since in zip(people, cursors, strict=True)]
    assert got == [[(str(line.pk), "verified")], [(str(line.pk), "verified")], [], []]
    DemandLine.objects.filter(pk=line.pk).update(title="电池片")
    assert len(_lines(city, cursors[2])) == 1


def test_without_that_rule_a_price_would_be_news_to_all(
    here: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.feeds.sources.Source.news", lambda _source, _columns: (True, False))
    line = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, price_ceiling=12)
    city = factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",))
    since = _now(city)
    DemandLine.objects.filter(pk=line.pk).update(price_ceiling=11)
    assert _lines(city, since) == [(str(line.pk), "verified")]


def test_bookkeeping_is_no_news(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain)
    since = _now(here.leader)
    DemandLine.objects.filter(pk=line.pk).update(updated_at=timezone.now(), reminded_for=line.valid_until)
    assert _lines(here.leader, since) == []


def test_a_firm_learns_of_a_pair_when_it_is_shortlisted_and_not_before(here: world.World) -> None:
    run = world.finished_run(here)
    match = Match.objects.filter(run=run)[0]
    since = _now(here.member)

    def pairs(person: User) -> list[tuple[str, str | None]]:
        catch_up()
        body = ask(person, since if person == here.member else "", types="review.changed").json()
        return [(one["href"], one["state"]) for one in body["changes"]]

    review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.REJECT, reason="价格")
    assert (pairs(here.member), pairs(here.office)) == ([], [(f"/api/v1/reviews/{review.pk}/", "rejected")])
    review_match(actor=here.office, match_id=match.pk, action=ReviewAction.REOPEN)
    assert pairs(here.member) == []
    review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    assert pairs(here.member) == [(f"/api/v1/my-matches/{review.pk}/", "shortlisted")]


def test_appointments_come_with_the_approval_of_their_meeting(here: world.World) -> None:
    match = Match.objects.filter(run=world.finished_run(here))[0]
    review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    meeting = propose(rule_id=factories.make_rule(here.chain).pk, today=timezone.localdate())
    assert meeting is not None
    since = _now(here.member)
    assert told(here.member, since) == []
    decide_meeting(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    catch_up()
    assert {type_ for type_, _id, _state in told(here.member, since)} == {
        "meeting.changed",
        "appointment.changed",
    }


def test_cursors_tell_nothing_of_what_lies_between(here: world.World) -> None:
    stranger = factories.make_user(Role.MEMBER_FIRM)
    before = ask(stranger, _now(stranger)).json()
    for _ in range(30):
        factories.make_demand(here.leader, here.chain)
    catch_up()
    after = ask(stranger, before["next"], types="demand_line.changed").json()
    assert (after["changes"], after["more"]) == ([], False)
    assert len(after["next"]) == len(before["next"])
    assert "changes" not in after["next"]
    again = [ask(stranger, after["next"]).json()["next"] for _ in range(2)]
    assert again[0] != again[1]
    plain = decrypt(after["next"]).split(":")
    assert (plain[0], len(plain[1])) == ("changes", 19)


@pytest.mark.parametrize("since", ["x", "gAAAA", "1", "\u0000", "now2"])
def test_what_is_no_cursor_is_refused(here: world.World, since: str) -> None:
    answer = ask(here.leader, since)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "since"


def test_something_else_that_the_service_encrypted_is_no_cursor(here: world.World) -> None:
    for text in ("secret", "changes:1", "other:1:2", "changes:x:2"):
        assert ask(here.leader, encrypt(text)).status_code == 400


def test_after_a_change_of_rights_one_starts_anew(here: world.World) -> None:
    since = _now(here.office)
    Membership.objects.filter(user=here.office).update(chains=["*"])
    answer = ask(here.office, since)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (410, "cursor_gone")
    assert answer["Content-Type"] == "application/problem+json"
    assert ask(here.office).status_code == 200


def test_after_a_backup_was_restored_one_starts_anew(here: world.World) -> None:
    factories.make_demand(here.leader, here.chain)
    since = _now(here.leader)
    Gathering.objects.update(head=0)
    assert ask(here.leader, since).status_code == 410


@pytest.mark.parametrize(
    "wanted",
    [{"types": "match.changed"}, {"limit": 0}, {"limit": 1001}, {"limit": "many"}, {"ordering": "at"}],
)
def test_what_is_not_offered_is_refused(here: world.World, wanted: dict[str, Any]) -> None:
    assert ask(here.leader, **wanted).status_code == 400


def _queries(person: User, since: str, limit: int) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert ask(person, since, limit=limit).status_code == 200
    return len(caught)


def test_a_page_costs_the_same_number_of_queries_whatever_lies_on_it(story: Story) -> None:
    catch_up()
    office = story.people["office"]
    assert office is not None
    few, many = _queries(office, "", 30), _queries(office, "", 1000)
    for _ in range(10):
        factories.make_demand(story.world.leader, story.world.chain, state=LineState.VERIFIED)
    catch_up()
    assert _queries(office, "", 1000) == many
    assert few <= many <= 25


def test_everybody_is_told_exactly_what_he_can_read(story: Story) -> None:
    catch_up()
    for part, person in story.people.items():
        if person is None:
            continue
        body = ask(person, limit=1000).json()
        fresh = User.objects.get(pk=person.pk)
        for source in SOURCES:
            got = {one["id"] for one in body["changes"] if one["type"] == source.event}
            assert got == {str(pk) for pk in source.visible(fresh).values_list("pk", flat=True)}, (
                part,
                source.name,
            )
        wrong = {
            one["href"]: status
            for one in body["changes"]
            if (status := story.client(part).get(one["href"]).status_code) != 200
        }
        assert wrong == {}, part


def test_every_type_of_event_is_named_after_an_audited_table() -> None:
    assert len(BY_EVENT) == len(SOURCES) == 17


# --- Transactions of others


def _session() -> psycopg.Connection[Any]:
    return psycopg.connect(current_database_url())


def _interleaved(lines: list[uuid.UUID], step: Any) -> None:
    """The first transaction writes first and commits last."""
    update = "UPDATE matching_demandline SET title = title || '.' WHERE id = %s"
    with _session() as early, _session() as late:
        early.execute(update, [lines[0]])
        late.execute(update, [lines[1]])
        late.commit()
        step()
        early.commit()
        step()


@pytest.fixture
def committed(transactional_db: None) -> tuple[world.World, list[uuid.UUID]]:
    here = world.build()
    return here, [factories.make_demand(here.leader, here.chain).pk for _ in range(2)]


def test_who_commits_late_is_not_left_out(committed: tuple[world.World, list[uuid.UUID]]) -> None:
    here, lines = committed
    seal_and_gather()
    read: list[str] = []
    since = [ask(here.leader, "now").json()["next"]]

    def poll() -> None:
        seal_and_gather()
        body = ask(here.leader, since[-1]).json()
        read.extend(one["id"] for one in body["changes"])
        since.append(body["next"])

    _interleaved(lines, poll)
    seal_and_gather()
    poll()
    assert sorted(read) == sorted(map(str, lines))


def test_in_the_order_of_ids_alone_who_commits_late_would_be_left_out(
    committed: tuple[world.World, list[uuid.UUID]],
) -> None:
    here, lines = committed
    while gather(entries=by_id):
        pass
    since = ask(here.leader, "now").json()["next"]
    _interleaved(lines, lambda: gather(entries=by_id))
    assert [one["id"] for one in ask(here.leader, since).json()["changes"]] == [str(lines[1])]


def test_one_gathers_at_a_time(committed: tuple[world.World, list[uuid.UUID]]) -> None:
    seal_and_gather()
    here, _lines = committed
    factories.make_demand(here.leader, here.chain)
    with _session() as other:
        other.execute("SELECT * FROM matching_gathering FOR UPDATE")
        assert gather(entries=by_id) == 0
    assert gather(entries=by_id) > 0
