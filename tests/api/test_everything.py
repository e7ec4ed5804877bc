"""What the portal does, done by API: lines, rounds, firms that join, venues, rules, notices, figures."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from accounts.roles import Role
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.queries.pace import MOST_A_MINUTE
from matching.lists.states import LineState
from matching.meetings.models import MeetingRule, Table
from matching.notices.models import Mail, Notice, NoticePreference
from matching.overview import queries
from matching.overview.figures import read
from matching.runs.models import MatchingList
from matching.runs.services import start_run
from tests import factories, world
from tests.api.story import API, Story, client_of


def _faults(response: Any, status: int = 400) -> dict[str | None, str]:
    assert response.status_code == status, response.content
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def test_a_line_once_more_is_a_draft_with_its_own_number(story: Story) -> None:
    known = DemandLine.objects.get(pk=story.names["verified_demand"])
    made = story.client("leader").post(f"{API}/demand-lines/{known.pk}/copy/").json()
    assert (made["title"], made["state"]) == (known.title, "draft")
    assert made["key"] != known.key


def test_what_a_line_lacks_is_told_to_its_firm(story: Story) -> None:
    line = factories.make_demand(story.world.leader, story.world.chain, quantity=None)
    told = story.client("leader").get(f"{API}/demand-lines/{line.pk}/completeness/").json()
    [quantity] = [entry for entry in told["missing"] if entry["name"] == "quantity"]
    assert (quantity["required"], quantity["asked"]) == (True, 0)
    assert told["filled"] + len(told["missing"]) == told["total"]


def test_similar_lines_are_asked_for_at_the_pace_of_a_person(story: Story) -> None:
    client, body = story.client("leader"), {"chain": "photovoltaic", "title": "单晶硅片"}
    answers = [client.post(f"{API}/demand-lines/similar/", body) for _ in range(MOST_A_MINUTE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert _faults(answers[-1], 429) == {None: "throttled"}


def test_an_office_works_off_its_queue(story: Story) -> None:
    office, address = story.client("office"), f"{API}/demand-lines/"
    waiting = [row["id"] for row in office.get(f"{address}?to_verify=true").json()["results"]]
    assert waiting == [str(story.names["submitted_demand"])]
    body = {"ids": waiting, "action": "return", "reason": ""}
    [refused] = office.post(f"{address}act/", body).json()["results"]
    assert refused["problem"]["code"] == "required"
    [returned] = office.post(f"{address}act/", {**body, "reason": "数量不清"}).json()["results"]
    assert returned["state"] == LineState.RETURNED
    assert office.get(f"{address}?to_verify=true").json()["results"] == []
    assert _faults(office.post(f"{address}act/", {**body, "action": "edit"})) == {"action": "invalid_choice"}


def test_lines_that_lapse_are_found_and_confirmed(story: Story) -> None:
    leader, address = story.client("leader"), f"{API}/demand-lines/"
    found = leader.get(f"{address}?lapsing=true&state=verified").json()["results"]
    assert [row["id"] for row in found] == [str(story.names["verified_demand"])]
    body = {"ids": [found[0]["id"]], "action": "confirm", "valid_until": "2099-01-01"}
    leader.post(f"{address}act/", body)
    assert leader.get(f"{address}?lapsing=true&state=verified").json()["results"] == []


def test_who_has_not_handed_in_is_reminded_once_a_day(story: Story) -> None:
    office, address = story.client("office"), f"{API}/rounds/{story.names['open_round']}"
    rows = office.get(f"{address}/submissions/").json()
    missing = [row["firm"]["id"] for row in rows if row["missing"]]
    assert str(story.names["organisation"]) in missing
    before = Notice.objects.count()
    told = office.post(f"{address}/remind/", {"firms": missing}).json()["people"]
    assert told == Notice.objects.count() - before > 0
    assert office.post(f"{address}/remind/", {}).json() == {"people": 0}
    assert _faults(office.post(f"{address}/remind/", {"firms": []})) == {"firms": "empty"}


def test_a_rounds_end_moves_forward_only(story: Story) -> None:
    office, address = story.client("office"), f"{API}/rounds/{story.names['open_round']}/extend/"
    moved = office.post(address, {"closes_at": "2090-01-31T23:59:59+08:00"}).json()
    assert moved["closes_at"].startswith("2090-01-31")
    past = office.post(address, {"closes_at": "2020-01-31T00:00:00+08:00"})
    assert _faults(past) == {"closes_at": "day_passed"}


def test_a_city_takes_a_firm_in_as_it_has_read_it(story: Story) -> None:
    city, address = story.client("city"), f"{API}/join-requests/{story.names['join_request']}/"
    shown = city.get(address).json()
    assert (shown["state"], shown["actions"]) == ("requested", ["return", "verify"])
    assert _faults(city.post(f"{address}return/", {})) == {"reason": "required"}
    assert _faults(city.post(f"{address}verify/", {"seen": "earlier"}), 409) == {None: "changed_meanwhile"}
    taken = city.post(f"{address}verify/", {"seen": shown["version"]}).json()
    assert (taken["state"], taken["actions"]) == ("verified", [])
    assert Organisation.objects.get(pk=taken["organisation"]).uscc == shown["uscc"]


def test_a_line_beside_its_last_run(story: Story) -> None:
    run = world.compute(start_run(actor=story.world.office, round_id=story.world.round.pk))
    line = SupplyLine.objects.get(pk=story.names["run_supply"])
    address = f"{API}/supply-lines/{line.pk}/compared/"
    told = story.client("office").get(address).json()
    assert (told["run"], told["gained"], told["lost"], told["rows"]) == (str(run.pk), 0, 0, [])
    story.client("member").post(f"{API}/supply-lines/{line.pk}/withdraw/")
    told = story.client("office").get(address).json()
    assert told["lost"] == len([row for row in told["rows"] if row["after"] is None]) > 0


def test_venues_keep_the_tables_that_are_named(story: Story) -> None:
    office, body = story.client("office"), {"name": "会展中心", "address": "长兴南街", "region": "140110"}
    made = office.post(f"{API}/venues/", {**body, "tables": [3, 1, 1]}).json()
    assert made["tables"] == [1, 3]
    kept = Table.objects.get(venue=made["id"], number=3).pk
    changed = office.patch(f"{API}/venues/{made['id']}/", {"tables": [3, 5]}).json()
    assert changed["tables"] == [3, 5]
    assert Table.objects.get(venue=made["id"], number=3).pk == kept
    assert _faults(office.post(f"{API}/venues/", {**body, "region": "x"})) == {"region": "invalid"}
    in_use = office.patch(f"{API}/venues/{story.names['venue']}/", {"tables": []})
    assert _faults(in_use, 409) == {None: "table_in_use"}


def test_a_chain_gets_its_first_rule(story: Story) -> None:
    chain, address = factories.make_chain("robots", "机器人"), f"{API}/meeting-rules/"
    body = {"chain": chain.pk, "venue": str(story.names["venue"])}
    strangers = client_of(factories.make_user(Role.CHAIN_OFFICE, chains=("nev",)))
    assert strangers.post(address, body).status_code == 403
    department = client_of(factories.make_user(Role.LEAD_DEPARTMENT, chains=(chain.pk,)))
    assert department.post(address, body).json()["cadence"] == "month"
    assert MeetingRule.objects.filter(chain=chain).count() == 1
    assert _faults(department.post(address, body), 409) == {None: "rule_exists"}


def test_how_one_is_told_is_chosen_by_topic(story: Story) -> None:
    leader, address = story.client("leader"), f"{API}/notice-settings/"
    assert {row["mail"] for row in leader.get(address).json()} == {Mail.AT_ONCE}
    wish = {"topic": "meetings", "portal": False, "mail": "weekly"}
    chosen = leader.post(f"{address}choose/", {"wishes": [wish]}).json()
    assert wish in chosen
    assert NoticePreference.objects.get(user=story.people["leader"]).mail == Mail.WEEKLY


def test_what_waits_is_told_as_on_the_first_page(story: Story) -> None:
    told = {row["code"]: row for row in story.client("city").get(f"{API}/work/").json()}
    assert told["verify_demand"]["count"] == told["verify_supply"]["count"] == 1
    assert told["join"]["count"] == 1
    assert "review" not in told


def test_figures_are_those_of_the_overview(story: Story) -> None:
    office = story.people["office"]
    assert office is not None
    chain = story.world.chain
    told = story.client("office").get(f"{API}/figures/?chain={chain.pk}").json()
    figures = read(queries.scope_of(office, chain=chain))
    assert told["demand"] == {city: dict(states) for city, states in figures.demand.items()}
    assert told["covered"] == {"demands": figures.covered.demands, "covered": figures.covered.covered}
    assert [place["code"] for place in told["places"]] == ["upstream", "wafers", "wafer"]
    assert [place["parent"] for place in told["places"]] == [None, "upstream", "wafers"]
    for query, field in (("chain=lost", "chain"), ("city=x", "city"), ("round=x", "round"), ("x=1", "x")):
        assert set(_faults(story.client("office").get(f"{API}/figures/?{query}"))) == {field}


def test_statistics_are_counts_only(story: Story) -> None:
    told = story.client("member").get(f"{API}/statistics/").json()
    assert [row["chain"] for row in told["chains"]] == [story.world.chain.pk]
    published = timezone.localtime(MatchingList.objects.get(chain=story.world.chain).created_at)
    assert told["chains"][0]["published_at"] == published.isoformat()
    assert told["leader_firms"] is None
