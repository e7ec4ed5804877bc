"""What each side learns when: published, shortlisted, agreed; and what offices see."""

from __future__ import annotations

import json
from typing import Any

import pytest

from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import MatchingList
from tests import factories
from tests.api.story import API, Story

NUMBERS = {"score", "rank", "allocated", "share", "criteria", "quantity", "price", "capacity"}


def _mine(story: Story, part: str, query: str = "") -> list[dict[str, Any]]:
    response = story.client(part).get(f"{API}/my-matches/{query}")
    assert response.status_code == 200
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


@pytest.mark.parametrize("part", ["leader", "member"])
def test_identities_open_in_stages(story: Story, part: str) -> None:
    other = factories.firm_of(story.people["member" if part == "leader" else "leader"])  # type: ignore[arg-type]
    rows = {row["state"]: row for row in _mine(story, part)}
    assert rows.keys() == {"pending", "shortlisted", "accepted"}
    anonymous, named, agreed = (
        rows[state]["counterpart"] for state in ("pending", "shortlisted", "accepted")
    )
    assert (anonymous["name"], anonymous["uscc"], anonymous["contact_phone"]) == (None, None, None)
    assert anonymous["city"].endswith("太原市")
    assert anonymous["product"] == "wafer"
    assert (named["name"], named["uscc"], named["contact_phone"]) == (other.name, other.uscc, None)
    assert agreed["contact_phone"] is not None
    hidden = json.dumps(anonymous, ensure_ascii=False)
    assert other.name not in hidden
    assert str(other.uscc) not in hidden


@pytest.mark.parametrize("part", ["leader", "member"])
def test_firms_learn_no_numbers(story: Story, part: str) -> None:
    for row in _mine(story, part):
        assert not row.keys() & NUMBERS
        assert row["band"] in ("A", "B", "C")
        assert not {condition["name"] for condition in row["conditions"]} & {
            "price",
            "capacity",
            "minimum_order",
        }
        assert row["own_line"].keys() == {"id", "key", "title"}


def test_firms_answer_only_what_they_were_asked(story: Story) -> None:
    for part, side in (("leader", "demand"), ("member", "supply")):
        rows = {row["state"]: row for row in _mine(story, part)}
        assert {row["side"] for row in rows.values()} == {side}
        assert rows["shortlisted"]["actions"] == ["accept", "decline"]
        assert rows["pending"]["actions"] == rows["accepted"]["actions"] == []
        assert _mine(story, part, "?state=shortlisted") == [rows["shortlisted"]]
        assert len(_mine(story, part, f"?side={side}")) == 3
        for row in rows.values():
            assert story.client(part).get(f"{API}/my-matches/{row['id']}/").json() == row
    assert _mine(story, "leader", "?side=supply") == []
    assert _mine(story, "other_leader") == _mine(story, "office") == []


def test_a_rejected_pair_shows_nothing_of_its_decision(story: Story) -> None:
    match = story.names["match"]
    review_match(
        actor=story.world.office, match_id=match, action=ReviewAction.REJECT, reason="内部意见：勿用"
    )
    for part in ("leader", "member"):
        assert "内部意见" not in json.dumps(_mine(story, part), ensure_ascii=False)
        assert "rejected" not in {row["state"] for row in _mine(story, part)}


def test_both_sides_say_yes_over_the_api(story: Story) -> None:
    address = f"{API}/reviews/{story.names['review']}"
    half = story.client("member").post(f"{address}/accept/", {}).json()
    assert (half["state"], half["actions"]) == ("member_accepted", [])
    assert story.client("member").post(f"{address}/accept/", {}).status_code == 409
    whole = story.client("leader").post(f"{address}/accept/", {}).json()
    assert (whole["state"], whole["actions"]) == ("accepted", [])
    assert whole["counterpart"]["contact_name"] is not None
    steps = story.client("office").get(f"{address}/").json()["decisions"]
    assert [step["action"] for step in steps] == ["shortlist", "member_accept", "leader_accept"]


def test_declining_needs_a_reason(story: Story) -> None:
    address = f"{API}/reviews/{story.names['review']}/decline/"
    assert story.client("leader").post(address, {}).status_code == 400
    assert story.client("leader").post(address, {"reason": "已有供方"}).json()["state"] == "declined"


def test_capacity_is_promised_once_and_the_second_answer_is_a_conflict(story: Story) -> None:
    review = Review.objects.select_related("match", "supply").get(pk=story.names["review"])
    decide(actor=story.world.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    type(review.match).objects.filter(pk=review.match_id).update(allocated=400_000)
    response = story.client("member").post(f"{API}/reviews/{review.pk}/accept/", {})
    assert response.status_code == 409
    assert response.json()["errors"][0]["code"] == "capacity_taken"


def test_prices_in_results_are_for_the_chains_office(story: Story) -> None:
    address = f"{API}/runs/{story.names['run']}/near-misses/?demand="
    address = address.removesuffix("?demand=")
    office = story.client("office").get(address).json()["results"][0]["failing"]
    assert (office["wanted"], office["offered"], office["shortfall"]) == ("≤12.5 元/片", "13.75 元/片", 1000)
    for part in ("department", "head"):
        other = story.client(part).get(address).json()["results"][0]["failing"]
        assert (other["wanted"], other["offered"], other["shortfall"]) == ("", "", None)
        assert other["sentence"] == office["sentence"] == "Price: the price is not acceptable, not met"


def test_the_published_content_is_answered_byte_for_byte(story: Story) -> None:
    published = MatchingList.objects.get(pk=story.names["list"])
    address = f"{API}/matching-lists/{published.pk}/content/"
    response = story.client("office").get(address)
    assert response.content == published.content.encode()
    assert response.headers["ETag"] == f'"{published.content_hash}"'
    assert response.headers["Content-Type"] == "application/json"
    again = story.client("office").get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_bulk_decisions_tell_the_result_of_each(story: Story) -> None:
    absent = "00000000-0000-4000-8000-000000000000"
    body = {"matches": [str(story.names["match"]), absent], "action": "reject", "reason": "证书过期"}
    results = story.client("office").post(f"{API}/reviews/bulk/", body).json()["results"]
    assert [(row["state"], (row["problem"] or {}).get("code")) for row in results] == [
        ("rejected", None),
        (None, "not_found"),
    ]
    foreign = story.client("other_office").post(f"{API}/reviews/bulk/", body).json()["results"]
    assert {row["problem"]["code"] for row in foreign} == {"not_found"}


COUNTS = {
    "": 3,
    "review_state=pending": 1,
    "review_state=accepted": 1,
    "excluded=true": 0,
    "excluded=false": 3,
    "min_score=10000": 0,
    "band=A&min_score=0": 3,
}
MALFORMED = ("min_score=-1", "min_score=x", "excluded=perhaps", "band=Z", "demand=1")


def test_matches_of_a_run_can_be_narrowed(story: Story) -> None:
    office, address = story.client("office"), f"{API}/runs/{story.names['run']}/matches/"
    assert {query: office.get(f"{address}?count=true&{query}").json()["count"] for query in COUNTS} == COUNTS
    assert {office.get(f"{address}?{query}").status_code for query in MALFORMED} == {400}


def test_a_published_run_is_not_published_twice(story: Story) -> None:
    published = MatchingList.objects.get(pk=story.names["list"])
    office = story.client("office")
    again = office.post(f"{API}/runs/{published.run_id}/publish/")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "already_published")
    changes = office.get(f"{API}/runs/{story.names['run']}/preview/").json()
    second = office.post(f"{API}/runs/{story.names['run']}/publish/").json()
    assert (second["number"], second["previous"], second["diff"]) == (2, str(published.pk), changes)


def test_figures_are_of_what_the_reader_sees(story: Story) -> None:
    office = {row["chain"]["code"]: row for row in story.client("office").get(f"{API}/overview/").json()}
    assert office.keys() == {"photovoltaic"}
    assert office["photovoltaic"]["matches"] == 3
    assert office["photovoltaic"]["gaps"] == 1
    assert office["photovoltaic"]["demand"]["submitted"] == 1
    assert "draft" not in office["photovoltaic"]["demand"]
    member = {row["chain"]["code"]: row for row in story.client("member").get(f"{API}/overview/").json()}
    assert member["photovoltaic"]["demand"] == {}
    assert member["photovoltaic"]["gaps"] == 0
    assert member["photovoltaic"]["supply"]["draft"] == 1
    stranger = story.client("other_member").get(f"{API}/overview/").json()
    assert not any(row["matches"] or row["supply"] or row["reviews"] or row["meetings"] for row in stranger)
