"""A firm's matches and appointments: what is new, what is asked, what it answered, where to go next."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

from django.core.signing import get_cookie_signer
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.meetings.models import Appointment, SigningMeeting
from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match
from matching.runs.services import start_run
from tests import factories, world
from tests.api.story import Story
from tests.portal.conftest import Browser

MATCHES = "/matches/"


def _asked(**requirement: Any) -> tuple[world.World, Review]:
    """A pair whose supply says nothing about what the demand requires."""
    here = world.build()
    wanted = {"parameter": "厚度", "operator": "at_most", "high": 3, "unit": "mm"} | requirement
    factories.make_demand(
        here.leader,
        here.chain,
        state=LineState.VERIFIED,
        requirements=(wanted,),
        standards=["GB/T 713"],
        certificates=["ISO 9001"],
    )
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    match = Match.objects.get(run=run)
    return here, review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)


def test_each_question_leads_to_where_it_is_answered(db: None, client: Any) -> None:
    here, _ = _asked()
    supply = SupplyLine.objects.get()
    client.force_login(here.member)
    page = client.get(MATCHES).content.decode()
    edit = reverse("supply_edit", args=[supply.pk])
    links = re.findall(rf'href="{edit}([^"]*)"', page)
    assert links == [
        "?parameter=%E5%8E%9A%E5%BA%A6#properties-part",
        "#id_standards",
        "?certificate=ISO+9001#certificates-part",
    ]
    form = client.get(f"{edit}?parameter=厚度&certificate=ISO 9001").context["form"]
    properties, certificates = form.formsets
    assert properties.forms[0].initial == {"parameter": "厚度"}
    assert certificates.forms[0].initial == {"name": "ISO 9001"}


def test_a_row_that_is_there_is_not_begun_again(db: None, client: Any) -> None:
    here = world.build()
    rows = ({"parameter": "厚度", "low": 3, "high": 3, "unit": "mm"},)
    supply = factories.make_supply(here.member, here.chain, properties=rows)
    client.force_login(here.member)
    edit = reverse("supply_edit", args=[supply.pk])
    form = client.get(f"{edit}?parameter=厚度").context["form"]
    assert [row.initial.get("parameter") for row in form.formsets[0].forms] == ["厚度", None, None, None]


def test_the_conditions_are_counted_without_the_secret_ones(story: Story, browser: Browser) -> None:
    match = browser("member").get(MATCHES, {"show": "all"}).context["matches"][0]
    assert {one["name"] for one in match.conditions} & {"price", "capacity", "minimum_order"} == set()
    assert sum(match.tally.values()) == len(match.conditions)


def test_own_answers_are_kept_and_the_others_reasons_are_not_told(story: Story, browser: Browser) -> None:
    review = Review.objects.get(pk=story.names["review"])
    decide(
        actor=story.world.leader,
        review_id=review.pk,
        action=ReviewAction.LEADER_DECLINE,
        reason="we buy elsewhere",
    )
    own = browser("leader").get(MATCHES, {"show": "answered"}).content.decode()
    other = browser("member").get(MATCHES, {"show": "answered"}).content.decode()
    assert "we buy elsewhere" in own
    assert "we buy elsewhere" not in other
    assert "Declined by a firm" in other


def test_filters_by_line_and_band_say_what_they_hide(story: Story, browser: Browser) -> None:
    client = browser("member")
    whole = client.get(MATCHES, {"show": "all"})
    total = whole.context["page"].paginator.count
    line = whole.context["matches"][0].own_line
    narrow = client.get(MATCHES, {"show": "all", "line": str(line.pk)})
    about = {match.own_line.pk for match in narrow.context["matches"]}
    assert about == {line.pk}
    assert narrow.context["hidden"] == total - narrow.context["page"].paginator.count
    assert narrow.context["hidden"] > 0
    bands = {match.band for match in whole.context["matches"]}
    for band in "ABC":
        found = client.get(MATCHES, {"show": "all", "band": band}).context["matches"]
        assert {match.band for match in found} == bands & {band}


def test_a_counterparts_line_is_no_filter(story: Story, browser: Browser) -> None:
    demand = Review.objects.get(pk=story.names["review"]).demand_id
    response = browser("member").get(MATCHES, {"show": "all", "line": str(demand)})
    assert response.context["hidden"] == 0
    assert "line" in response.context["filters"].errors


def test_what_is_new_since_the_last_visit(story: Story, browser: Browser) -> None:
    client, member = browser("member"), story.people["member"]
    assert member is not None
    assert client.get(MATCHES).context["since"] is None
    kept = client.cookies["matches_seen"]
    assert (kept["path"], kept["httponly"], kept["samesite"]) == (MATCHES, True, "Lax")
    # As if that visit had been an hour ago, and another the hour before.
    signer = get_cookie_signer(salt=f"matches_seen{member.pk}")
    hour = int(time.time()) - 3600
    client.cookies["matches_seen"] = signer.sign(f"{hour - 3600}-{hour}")
    Review.objects.update(updated_at=timezone.now() - timedelta(days=2))
    assert client.get(MATCHES).context["fresh"]["waiting"] == 0
    Review.objects.filter(pk=story.names["review"]).update(updated_at=timezone.now())
    seen = client.get(MATCHES, {"show": "waiting"})
    assert seen.context["fresh"]["waiting"] == 1
    assert 'class="badge fresh"' in seen.content.decode()


def test_a_cookie_of_somebody_else_or_garbled_is_no_visit(story: Story, browser: Browser) -> None:
    client = browser("member")
    leader = browser("leader")
    leader.get(MATCHES)
    for value in (leader.cookies["matches_seen"].value, "1-2", "nonsense"):
        client.cookies["matches_seen"] = value
        assert client.get(MATCHES).context["since"] is None


def test_enter_in_the_reason_declines_and_never_says_yes(story: Story, browser: Browser) -> None:
    page = browser("leader").get(MATCHES, {"show": "waiting"}).content.decode()
    forms = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="reason"' in form]
    assert forms
    for form in forms:
        assert re.findall(r'<button[^>]*value="([^"]*)"', form) == ["leader_decline"]


def test_who_is_firm_and_office_answers_as_the_firm_on_its_page(db: None, client: Any) -> None:
    here, review = _asked()
    Membership.objects.create(
        user=here.leader,
        organisation=factories.firm_of(here.leader),
        role=Role.CHAIN_OFFICE,
        chains=["*"],
        regions=["*"],
    )
    client.force_login(User.objects.get(pk=here.leader.pk))
    page = client.get(reverse("review_detail", args=[review.pk])).content.decode()
    assert re.findall(r'name="action"\s+value="([^"]*)"', page) == ["leader_accept", "leader_decline"]


def test_a_reason_that_comes_too_late_is_not_lost(story: Story, browser: Browser) -> None:
    review = Review.objects.get(pk=story.names["review"])
    decide(actor=story.world.member, review_id=review.pk, action=ReviewAction.MEMBER_DECLINE, reason="no")
    address = reverse("review_decide", args=[review.pk])
    late = browser("leader").post(address, {"action": "leader_decline", "reason": "too dear"})
    assert late.status_code == 409
    assert "is not possible in state" in late.content.decode()


def test_appointments_to_come_and_past(story: Story, browser: Browser) -> None:
    appointment = Appointment.objects.get(pk=story.names["appointment"])
    demand: DemandLine = appointment.review.demand
    DemandLine.objects.filter(pk=demand.pk).update(contact_name="王工", contact_phone="0351-1")
    client = browser("member")
    page = client.get(reverse("appointment_list")).content.decode()
    assert demand.organisation.name in page
    assert "王工 0351-1" in page
    assert appointment.table.venue.address in page
    assert "To come (1)" in page
    SigningMeeting.objects.filter(pk=appointment.meeting_id).update(date="2020-01-01")
    assert "Answer the matches that wait" in client.get(reverse("appointment_list")).content.decode()
    past = client.get(reverse("appointment_list"), {"show": "past"}).content.decode()
    assert demand.organisation.name in past
    assert (
        "No past appointment."
        in browser("other_member").get(reverse("appointment_list"), {"show": "past"}).content.decode()
    )


def test_contacts_close_when_a_pair_is_opened_again(story: Story, browser: Browser) -> None:
    appointment = Appointment.objects.get(pk=story.names["appointment"])
    DemandLine.objects.filter(pk=appointment.review.demand_id).update(contact_name="王工")
    Review.objects.filter(pk=appointment.review_id).update(state="shortlisted")
    assert "王工" not in browser("member").get(reverse("appointment_list")).content.decode()
