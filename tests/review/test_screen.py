"""The office's review screen: what it says, what it never overwrites, several offers at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matching.errors import Conflict
from matching.lists.models import SupplyLine
from matching.lists.states import LineState
from matching.review.models import Decision, Review
from matching.review.queries import changes_since, demand_rows, demands_of_run, evident, last_list
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match, MatchingRun
from matching.runs.services import publish, start_run
from tests import factories, world

pytestmark = pytest.mark.django_db
THICK = ({"parameter": "厚度", "operator": "at_most", "high": 3, "unit": "mm"},)


def _signed_in(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def _read(client: Client, name: str, run: MatchingRun, query: str = "") -> str:
    response = client.get(reverse(name, args=[run.pk]) + query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def _first(run: MatchingRun) -> Match:
    return Match.objects.filter(run=run).order_by("demand__key", "rank")[0]


def _shortlist(here: world.World, match: Match, **more: Any) -> Review:
    return review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST, **more)


def test_what_was_decided_meanwhile_is_not_overwritten() -> None:
    here = world.build()
    match = _first(world.finished_run(here))
    review = _shortlist(here, match, seen="pending")
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    with pytest.raises(Conflict) as refused:
        review_match(actor=here.office, match_id=match.pk, action=ReviewAction.REOPEN, seen="shortlisted")
    assert refused.value.code == "decided_meanwhile"
    assert Review.objects.get().state == ReviewState.MEMBER_ACCEPTED


def test_a_stale_card_is_told_and_shown_afresh() -> None:
    here = world.build()
    match = _first(world.finished_run(here))
    review = _shortlist(here, match)
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    answer = _signed_in(here.office).post(
        reverse("match_review", args=[match.pk]),
        {"action": "reopen", "seen": "shortlisted"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert "Somebody decided meanwhile: now “Member firm said yes”." in answer.content.decode()
    assert 'name="seen" value="member_accepted"' in answer.content.decode()


def test_a_stale_page_of_one_pair_overwrites_nothing() -> None:
    here = world.build()
    review = _shortlist(here, _first(world.finished_run(here)))
    client = _signed_in(here.office)
    page = client.get(reverse("review_detail", args=[review.pk])).content.decode()
    assert 'name="seen" value="shortlisted"' in page
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    address = reverse("review_decide", args=[review.pk])
    answer = client.post(address, {"action": "reopen", "seen": "shortlisted"})
    assert answer.status_code == 409
    assert Review.objects.get().state == ReviewState.MEMBER_ACCEPTED
    assert client.post(address, {"action": "reopen", "seen": "member_accepted"}).status_code == 303


def test_enter_in_the_reason_rejects_and_never_shortlists() -> None:
    here = world.build()
    run = world.finished_run(here)
    page = _read(_signed_in(here.office), "matches_chosen", run, f"?match={_first(run).pk}")
    assert re.findall(r'name="action"\s+value="([^"]*)"', page) == ["reject", "shortlist"]


def test_a_reason_that_is_missing_keeps_the_card_and_what_was_typed() -> None:
    here = world.build()
    match = _first(world.finished_run(here))
    client = _signed_in(here.office)
    for reason, status in (("", 422), ("价" * 501, 422), ("交期过长", 200)):
        answer = client.post(
            reverse("match_review", args=[match.pk]),
            {"action": "reject", "reason": reason, "seen": "pending"},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == status
        assert reason in answer.content.decode()
    assert list(Decision.objects.values_list("action", "reason")) == [("reject", "交期过长")]
    assert '<option value="交期过长">' in _read(client, "run_matches", match.run)


def test_undecided_demand_lines_come_first_with_all_their_offers_counted() -> None:
    here = world.build()
    run = world.finished_run(here, demands=2)
    for match in Match.objects.filter(run=run, demand=_first(run).demand_id):
        _shortlist(here, match)
    rows = demand_rows(here.office, run, demands_of_run(run))
    assert [(row["undecided"], row["offers"]) for row in rows] == [(2, 2), (0, 2)]
    assert list(demands_of_run(run, state="pending")) == [rows[0]["demand_id"]]
    assert list(demands_of_run(run, state="shortlisted")) == [rows[1]["demand_id"]]
    assert list(demands_of_run(run, state="rejected")) == []


def test_demand_lines_are_found_by_title_number_and_firm_and_band() -> None:
    here = world.build()
    run = world.finished_run(here, demands=2)
    some = _first(run)
    ids = list(demands_of_run(run))
    assert len(ids) == 2
    assert some.demand_id in demands_of_run(run, text=some.demand_title)
    assert list(demands_of_run(run, text=some.demand.key)) == [some.demand_id]
    assert list(demands_of_run(run, text=here.leader.firms()[0].name)) == ids
    assert list(demands_of_run(run, text="轴承座")) == []
    bands = {band: set(demands_of_run(run, band=band)) for band in "ABC"}
    for match in Match.objects.filter(run=run):
        assert match.demand_id in bands[match.band]
    other = {"A": "B", "B": "C", "C": "A"}[some.band]
    Match.objects.filter(run=run, demand=some.demand_id).update(band=other)
    assert some.demand_id in demands_of_run(run, band=other)
    assert some.demand_id not in demands_of_run(run, band=some.band)


def test_filters_say_how_many_they_hide() -> None:
    here = world.build()
    run = world.finished_run(here, demands=3)
    _shortlist(here, _first(run))
    page = _read(_signed_in(here.office), "run_matches", run, "?state=shortlisted")
    assert "2 entries are hidden by filters" in page
    assert "Decision: Shortlisted" in page
    assert "hidden by filters" not in _read(_signed_in(here.office), "run_matches", run)


def _next_run(here: world.World) -> MatchingRun:
    return world.compute(start_run(actor=here.office, round_id=here.round.pk))


def test_changes_since_the_last_list() -> None:
    here = world.build()
    first = world.finished_run(here)
    assert last_list(first) is None
    publish(actor=here.office, run_id=first.pk)
    same = _next_run(here)
    since = last_list(same)
    assert since is not None
    demand = _first(first).demand_id
    assert not changes_since(same, since, [demand])[demand].any
    assert not demands_of_run(same, changed_since=since).exists()
    gone = SupplyLine.objects.order_by("key")[0]
    SupplyLine.objects.filter(pk=gone.pk).update(state=LineState.WITHDRAWN)
    added = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    run = _next_run(here)
    changes = changes_since(run, since, [demand])[demand]
    assert (changes.new, changes.gone, changes.better, changes.worse) == ({added.pk}, {gone.pk}, {}, {})
    assert list(demands_of_run(run, changed_since=since)) == [demand]
    page = _read(_signed_in(here.office), "run_matches", run)
    assert "+1 new" in page
    assert "1 offer of list no. 1 is gone" in page


def test_a_band_that_rose_is_told() -> None:
    here = world.build()
    first = world.finished_run(here)
    publish(actor=here.office, run_id=first.pk)
    run = _next_run(here)
    match = _first(run)
    Match.objects.filter(run=first, demand=match.demand_id, supply=match.supply_id).update(band="C")
    assert match.band < "C"
    since = last_list(run)
    assert since is not None
    assert changes_since(run, since, [match.demand_id])[match.demand_id].better == {match.supply_id: "C"}


def test_evident_offers_are_known_to_meet_every_hard_condition() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, requirements=THICK)
    known = factories.make_supply(
        here.member,
        here.chain,
        state=LineState.VERIFIED,
        properties=({"parameter": "厚度", "low": 2, "high": 2, "unit": "mm"},),
    )
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    run = _next_run(here)
    assert Match.objects.filter(run=run).count() == 2
    Match.objects.filter(run=run).update(band="A")
    assert [match.supply_id for match in evident(here.office, run)] == [known.pk]
    _shortlist(here, Match.objects.get(run=run, supply=known))
    assert not evident(here.office, run).exists()


def test_several_offers_get_one_decision_after_a_look_at_how_many() -> None:
    here = world.build()
    run = world.finished_run(here, demands=2)
    client = _signed_in(here.office)
    matches = list(Match.objects.filter(run=run))
    _shortlist(here, matches[0])
    chosen = "&".join(f"match={match.pk}" for match in matches)
    page = _read(client, "matches_chosen", run, f"?{chosen}")
    assert "3 offers on 2 demand lines" in page
    assert "1 of the ticked offers is decided already" in page
    address = reverse("matches_review", args=[run.pk])
    form = {"match": [str(match.pk) for match in matches], "action": "reject", "reason": ""}
    again = client.post(address, form)
    assert again.status_code == 422
    assert "Please give a reason." in again.content.decode()
    assert client.post(address, {**form, "reason": "产能不足"}).status_code == 303
    assert sorted(Review.objects.values_list("state", flat=True)) == ["rejected"] * 3 + ["shortlisted"]


@pytest.mark.parametrize("foreign", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(foreign: str) -> None:
    here = world.build()
    run = world.finished_run(here)
    client = _signed_in(here.office)
    chosen = f"match={Match.objects.filter(run=run)[0].pk}"
    for query in (chosen, ""):
        assert f'="{foreign}' not in _read(client, "matches_chosen", run, f"?{query}&next={foreign}")
    home = reverse("run_matches", args=[run.pk]) + "?state=pending"
    assert f'href="{home}"' in _read(client, "matches_chosen", run, f"?{chosen}&next={home}")


def test_comparison_shows_prices_to_the_chain_office_only() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    for price in ("12.345", "13.579"):
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, price_low=price)
    run = _next_run(here)
    query = "?" + "&".join(f"match={pk}" for pk in Match.objects.filter(run=run).values_list("pk", flat=True))
    office = _read(_signed_in(here.office), "matches_compare", run, query)
    department = _read(_signed_in(here.department), "matches_compare", run, query)
    assert ("12.345" in office, "13.579" in office) == (True, True)
    assert ("12.345" in department, "13.579" in department) == (False, False)
    assert "Offers compared" in department


@pytest.mark.parametrize("offers", [1, 6])
def test_comparison_needs_two_to_five_offers(offers: int) -> None:
    here = world.build()
    run = world.finished_run(here, supplies=6)
    query = "?" + "&".join(f"match={match.pk}" for match in Match.objects.filter(run=run)[:offers])
    answer = _signed_in(here.office).get(reverse("matches_compare", args=[run.pk]) + query, follow=True)
    assert "Tick two to five offers" in answer.content.decode()


def test_a_superseded_run_offers_no_decision() -> None:
    here = world.build()
    run = world.finished_run(here)
    assert 'value="shortlist"' in _read(_signed_in(here.office), "run_matches", run)
    _next_run(here)
    for name in ("run_matches", "run_publish", "run_detail"):
        page = _read(_signed_in(here.office), name, run)
        assert 'value="shortlist"' not in page
        assert "Publish now" not in page
        assert "A newer run of this chain has finished" in page
