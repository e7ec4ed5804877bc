"""What people type: taken as meant, or told at its field; conflicts show the fresh state."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from matching.chains.models import GlossaryEntry, Region
from matching.lists.forms import written
from matching.lists.models import Attachment, DemandLine, Round, SupplyLine
from matching.lists.services import change_line
from matching.lists.states import LineAction, LineState
from matching.meetings.models import Appointment, MeetingRule
from matching.pages import bulk
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.models import Match, MatchingList
from matching.uploads.models import Upload
from matching.uploads.states import UploadState
from tests import factories
from tests.api.story import Story
from tests.portal.conftest import Browser


def demand_form(**changes: Any) -> dict[str, Any]:
    """A demand as a firm fills it in."""
    return {
        "chain": "photovoltaic",
        "title": "碳钢压力容器板",
        "quantity": "120",
        "unit": "t",
        "period": "month",
        "valid_until": "2099-12-31",
        "standards": "GB/T 713、GB/T 6479",
        "regions": ["1401"],
        "requirements-TOTAL_FORMS": "3",
        "requirements-INITIAL_FORMS": "0",
        "requirements-0-parameter": "抗拉强度",
        "requirements-0-value": "≥690MPa",
        "requirements-0-hard": "must",
        "requirements-1-parameter": "厚度",
        "requirements-1-value": "3±0.1mm",
        "requirements-1-hard": "wish",
        "requirements-2-parameter": "",
        "requirements-2-value": "",
        "requirements-2-hard": "must",
        **changes,
    }


def test_the_only_chain_of_a_firm_is_chosen_already(story: Story, browser: Browser) -> None:
    factories.make_chain("robots", "机器人")
    person = factories.make_user(Role.LEADER_FIRM, chains=("robots",))
    of_one = Client()
    of_one.force_login(person)
    chosen = [
        client.get(reverse("demand_create")).context["form"]["chain"].value()
        for client in (of_one, browser("leader"))
    ]
    assert chosen == ["robots", None]


def test_an_upload_is_compared_again_from_its_page(story: Story, browser: Browser) -> None:
    address = reverse("upload_again", args=[story.names["upload"]])
    page = browser("leader").get(reverse("upload_detail", args=[story.names["upload"]]))
    assert f'action="{address}"' in page.content.decode()
    assert browser("leader").post(address).status_code == 303
    assert Upload.objects.get(pk=story.names["upload"]).state == UploadState.RECEIVED


def test_a_demand_is_understood_as_written(story: Story, browser: Browser) -> None:
    response = browser("leader").post(reverse("demand_create"), demand_form(then="submit"))
    line = DemandLine.objects.get(title="碳钢压力容器板")
    assert response.status_code == 303
    assert response["Location"] == reverse("demand_detail", args=[line.pk])
    assert line.state == LineState.SUBMITTED
    assert line.standards == ["GB/T 713", "GB/T 6479"]
    assert line.regions == ["1401"]
    strength, thickness = line.requirements.all()
    assert (strength.operator, strength.low, strength.unit, strength.hard) == (
        "at_least",
        Decimal(690),
        "MPa",
        True,
    )
    assert (thickness.operator, thickness.low, thickness.high) == (
        "between",
        Decimal("2.9"),
        Decimal("3.1"),
    )
    assert not thickness.hard
    page = browser("leader").get(reverse("demand_detail", args=[line.pk])).content.decode()
    assert "≥690MPa" in page
    assert "2.9~3.1mm" in page


def test_an_untouched_form_changes_nothing(story: Story, browser: Browser) -> None:
    client = browser("leader")
    client.post(reverse("demand_create"), demand_form(then="submit"))
    line = DemandLine.objects.get(title="碳钢压力容器板")
    form = client.get(reverse("demand_edit", args=[line.pk])).context["form"]
    data = {
        bound.html_name: bound.value()
        for part in (form, *(row for rows in form.formsets for row in rows.forms))
        for bound in part
        if bound.value() not in (None, "", False)
    }
    for rows in form.formsets:
        data |= {bound.html_name: bound.value() for bound in rows.management_form}
    data["standards"] = "、".join(line.standards)
    before = line.fingerprint
    assert client.post(reverse("demand_edit", args=[line.pk]), data).status_code == 303
    line.refresh_from_db()
    assert line.fingerprint == before
    assert line.state == LineState.SUBMITTED


def test_faults_stand_at_their_fields(story: Story, browser: Browser) -> None:
    response = browser("leader").post(
        reverse("demand_create"),
        demand_form(
            **{
                "title": "",
                "quantity": "many",
                "deliver_from": "2026-12-02",
                "deliver_until": "2026-12-01",
                "requirements-1-value": "",
            }
        ),
    )
    assert response.status_code == 422
    form = response.context["form"]
    assert {"title", "quantity"} <= set(form.errors)
    assert form.formsets[0].forms[1].errors["value"] == ["Write both the parameter and its value."]
    assert not DemandLine.objects.filter(title="碳钢压力容器板").exists()


def test_what_services_refuse_stands_at_its_field(story: Story, browser: Browser) -> None:
    wafer = str(story.world.chain.nodes.get(code="wafer").pk)
    response = browser("leader").post(reverse("demand_create"), demand_form(chain="nev", node=wafer))
    assert response.status_code == 422
    assert "node" in response.context["form"].errors
    taken = DemandLine.objects.get(pk=story.names["draft_demand"]).key
    response = browser("leader").post(reverse("demand_create"), demand_form(key=taken))
    assert response.context["form"].errors["key"] == [f"Your list has a line {taken} already."]


def test_a_supply_with_properties_and_certificates(story: Story, browser: Browser) -> None:
    data = {
        "chain": "photovoltaic",
        "title": "N型硅片",
        "unit": "片",
        "free_capacity": "20000",
        "lead_time": "2",
        "lead_time_unit": "week",
        "valid_until": "2099-12-31",
        "properties-TOTAL_FORMS": "2",
        "properties-INITIAL_FORMS": "0",
        "properties-0-parameter": "厚度",
        "properties-0-value": "130μm",
        "properties-1-parameter": "牌号",
        "properties-1-value": "304/316L",
        "certificates-TOTAL_FORMS": "2",
        "certificates-INITIAL_FORMS": "0",
        "certificates-0-name": "ISO 9001",
        "certificates-0-expires": "2030-01-31",
        "certificates-1-name": "",
        "certificates-1-number": "",
    }
    assert browser("member").post(reverse("supply_create"), data).status_code == 303
    line = SupplyLine.objects.get(title="N型硅片")
    assert [written(row) for row in line.properties.all()] == ["130μm", "304/316L"]
    assert [row.name for row in line.certificates.all()] == ["ISO 9001"]
    faulty = data | {"certificates-0-name": "", "title": "另一种"}
    response = browser("member").post(reverse("supply_create"), faulty)
    assert response.context["form"].formsets[1].forms[0].errors["name"] == ["Name the certificate."]


def test_pieces_of_the_form_for_htmx(story: Story, browser: Browser) -> None:
    client = browser("leader")
    nodes = client.get(reverse("node_options"), {"chain": "photovoltaic"}).content.decode()
    assert "wafer" in nodes
    added = client.get(reverse("row_blank", args=["requirements"]), {"requirements-TOTAL_FORMS": "3"})
    assert 'name="requirements-3-parameter"' in added.content.decode()
    assert 'value="4"' in added.content.decode()
    assert client.get(reverse("row_blank", args=["nonsense"])).status_code == 404
    typed = {"requirements-0-parameter": "厚度", "requirements-0-value": "3±0.1mm", "chain": "photovoltaic"}
    assert "2.9~3.1mm" in client.get(reverse("understood", args=["requirements"]), typed).content.decode()
    typed["requirements-0-value"] = "优"
    assert "Read as words" in client.get(reverse("understood", args=["requirements"]), typed).content.decode()


def test_a_return_needs_a_reason_and_bulk_tells_each_fault(story: Story, browser: Browser) -> None:
    line = story.names["submitted_demand"]
    response = browser("office").post(
        reverse("verification"), {"action": "return", "line": [line], "reason": ""}, follow=True
    )
    assert "Please give a reason." in response.content.decode()
    browser("office").post(
        reverse("verification"), {"action": "return", "line": [line], "reason": "缺少图号"}, follow=True
    )
    stored = DemandLine.objects.get(pk=line)
    assert (stored.state, stored.reason) == (LineState.RETURNED, "缺少图号")
    page = browser("leader").get(reverse("demand_detail", args=[line])).content.decode()
    assert "缺少图号" in page


def test_a_reason_and_a_day_that_can_not_be_stored_are_told(story: Story, browser: Browser) -> None:
    line = story.names["submitted_demand"]
    act = reverse("demand_act", args=[line])
    for reason in ("长" * 501, "断\0行"):
        response = browser("office").post(act, {"action": "return", "reason": reason}, follow=True)
        assert (response.status_code, len(response.context["messages"])) == (422, 1)
        assert f'value="{reason}"' in response.content.decode()
    confirm = {"action": "confirm", "valid_until": "2099-02-31"}
    address = reverse("demand_act", args=[story.names["verified_demand"]])
    response = browser("leader").post(address, confirm, follow=True)
    assert "Enter a valid date." in response.content.decode()
    assert DemandLine.objects.get(pk=line).state == LineState.SUBMITTED


def test_what_the_database_refuses_is_told_and_the_rest_is_done(db: None) -> None:
    def add(code: str) -> None:
        with transaction.atomic():
            Region.objects.create(code=code, name="市", level="city")

    outcome = bulk(["1401", "1401", "1" * 50, "1402"], add, str)
    assert outcome.done == 2
    assert [problem.partition(":")[0] for problem in outcome.problems] == ["1401", "1" * 50]


def test_a_conflict_shows_the_fresh_state(story: Story, browser: Browser) -> None:
    line = story.names["submitted_demand"]
    change_line(actor=story.world.office, model=DemandLine, line_id=line, action=LineAction.VERIFY)
    response = browser("city").post(reverse("demand_act", args=[line]), {"action": "verify"}, follow=True)
    text = response.content.decode()
    assert "“Verify” is not possible in state “Verified”." in text
    assert "state-verified" in text


def test_a_conflict_in_htmx_is_409_with_the_fresh_card(story: Story, browser: Browser) -> None:
    address = reverse("match_review", args=[story.names["match"]])
    htmx = {"HX-Request": "true"}
    shortlist = {"action": "shortlist"}
    without_reason = browser("office").post(address, {"action": "reject"}, headers=htmx)
    assert without_reason.status_code == 422
    assert "Please give a reason." in without_reason.content.decode()
    first = browser("office").post(address, shortlist, headers=htmx)
    second = browser("office").post(address, shortlist, headers=htmx)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "state-shortlisted" in second.content.decode()
    assert "not possible" in second.content.decode()


def test_both_firms_answer_and_names_open_by_stage(story: Story, browser: Browser) -> None:
    review = story.names["review"]
    address = reverse("review_decide", args=[review])
    declined = browser("member").post(address, {"action": "member_decline"})
    assert declined.status_code == 422
    assert "Please give a reason." in declined.content.decode()
    assert browser("leader").post(address, {"action": "leader_accept"}).status_code == 303
    assert browser("member").post(address, {"action": "member_accept"}).status_code == 303
    assert Review.objects.get(pk=review).state == ReviewState.ACCEPTED
    again = browser("member").post(address, {"action": "member_accept"}, follow=True)
    assert "is not possible in state" in again.content.decode()


def test_several_matches_at_once(story: Story, browser: Browser) -> None:
    matches = list(Match.objects.filter(run=story.names["run"]).values_list("pk", flat=True))
    response = browser("office").post(
        reverse("matches_review", args=[story.names["run"]]),
        {"action": "shortlist", "match": matches},
        follow=True,
    )
    text = response.content.decode()
    assert "1 match decided." in text
    assert "is not possible in state" in text
    wrong = {"action": "shortlist", "match": "nonsense"}
    address = reverse("matches_review", args=[story.names["run"]])
    assert browser("office").post(address, wrong).status_code == 404


def test_publishing_shows_the_list(story: Story, browser: Browser) -> None:
    response = browser("office").post(reverse("run_publish", args=[story.names["run"]]), follow=True)
    newest = MatchingList.objects.order_by("-number")[0]
    assert newest.run_id == story.names["run"]
    assert newest.content_hash in response.content.decode()
    again = browser("office").post(reverse("run_publish", args=[story.names["run"]]), follow=True)
    assert "This run is published already." in again.content.decode()


def test_rounds_are_planned_with_sense(story: Story, browser: Browser) -> None:
    plan = {"chain": "photovoltaic", "name": "明年", "opens_on": "2027-01-10", "closes_on": "2027-01-01"}
    response = browser("office").post(reverse("round_plan"), plan)
    assert response.status_code == 422
    assert "closes_on" in response.context["form"].errors
    plan["closes_on"] = "2027-02-01"
    assert browser("office").post(reverse("round_plan"), plan).status_code == 303
    assert browser("office").post(reverse("round_plan"), plan).status_code == 422
    assert Round.objects.filter(name="明年").count() == 1
    foreign = plan | {"chain": "nev", "name": "别的链"}
    assert browser("office").post(reverse("round_plan"), foreign).status_code == 422


def test_the_glossary_refuses_one_word(story: Story, browser: Browser) -> None:
    entry = {"kind": "synonym", "chain": "photovoltaic", "words": "焊带", "is_active": "on"}
    response = browser("office").post(reverse("glossary_create"), entry)
    assert response.status_code == 422
    entry["words"] = "焊带\n涂锡带"
    assert browser("office").post(reverse("glossary_create"), entry).status_code == 303
    assert GlossaryEntry.objects.get(words=["焊带", "涂锡带"]).chain_id == "photovoltaic"


def test_attachments_are_refused_at_their_field(story: Story, browser: Browser) -> None:
    address = reverse("attachment_add", args=[story.names["verified_demand"]])
    before = Attachment.objects.count()
    response = browser("leader").post(address, {"file": SimpleUploadedFile("virus.exe", b"MZ")})
    assert response.status_code == 422
    assert "Please choose one of these types" in response.content.decode()
    assert browser("leader").post(address, {}).status_code == 422
    assert Attachment.objects.count() == before
    download = browser("leader").get(reverse("attachment_download", args=[story.names["attachment"]]))
    assert download["Content-Disposition"].startswith("attachment;")
    assert download.getvalue() == b"%PDF-1.7 drawing"


def test_appointments_move_where_there_is_room(story: Story, browser: Browser) -> None:
    appointment = Appointment.objects.get(pk=story.names["appointment"])
    address = reverse("appointment_move", args=[appointment.pk])
    assert browser("office").post(address, {"table": "99", "slot": "0"}).status_code == 422
    assert browser("office").post(address, {"table": "2", "slot": "0"}).status_code == 303
    appointment.refresh_from_db()
    assert appointment.table.number == 2


def test_rules_are_checked(story: Story, browser: Browser) -> None:
    rule = MeetingRule.objects.get(pk=story.names["rule"])
    address = reverse("rule_edit", args=["photovoltaic"])
    form = {
        "venue": str(rule.venue_id),
        "cadence": "quarter",
        "minimum_pairs": "3",
        "lead_days": "10",
        "starts": "09:30",
        "slot_minutes": "5",
        "slots_a_day": "12",
        "is_active": "on",
    }
    response = browser("department").post(address, form)
    assert response.status_code == 422
    assert "slot_minutes" in response.context["form"].errors
    assert browser("department").post(address, form | {"slot_minutes": "45"}).status_code == 303
    rule.refresh_from_db()
    assert (rule.cadence, rule.slot_minutes) == ("quarter", 45)


def test_the_language_is_remembered(story: Story, browser: Browser) -> None:
    client = browser("leader")
    response = client.post(reverse("choose_language"), {"language": "zh-hans", "next": "/rounds/"})
    assert response["Location"] == "/rounds/"
    assert client.cookies["django_language"].value == "zh-hans"
    assert story.people["leader"] is not None
    assert User.objects.get(pk=story.people["leader"].pk).language == "zh-hans"
    away = client.post(reverse("choose_language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert away["Location"] == "/"
    assert "调度期" not in client.get("/rounds/").content.decode()


def test_filters_never_hide_silently(story: Story, browser: Browser) -> None:
    page = browser("office").get(reverse("demand_list"), {"state": "verified", "q": "nothing like it"})
    text = page.content.decode()
    assert "Only shown:" in text
    assert "No line fits the filter." in text
    nonsense = browser("office").get(reverse("demand_list"), {"state": "nonsense", "page": "zero"})
    assert nonsense.status_code == 200


def test_strange_ids_and_actions_are_not_found(story: Story, browser: Browser) -> None:
    line = reverse("demand_act", args=[story.names["draft_demand"]])
    assert browser("leader").post(line, {"action": "fly"}).status_code == 404
    assert browser("leader").post(reverse("demand_bulk"), {"action": "verify"}).status_code == 404
    bulk = {"action": "submit", "line": ["nonsense"]}
    assert browser("leader").post(reverse("demand_bulk"), bulk).status_code == 404
    assert browser("office").post(reverse("run_start"), {"round": str(uuid.uuid4())}).status_code == 404
    assert browser("office").post(reverse("run_start"), {"round": "x"}).status_code == 404


def test_the_address_of_a_button_says_that_it_is_no_page(story: Story, browser: Browser) -> None:
    address = reverse("demand_act", args=[story.names["draft_demand"]])
    answer = browser("leader").get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing was changed." in answer.content.decode()
    assert browser("leader").delete(address).content == b""
