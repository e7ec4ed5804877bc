"""A firm's own list: what its rows say, changed where they stand, duplicated, several at once."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from matching import kinds
from matching.kinds.completeness import counted
from matching.lists import queries
from matching.lists.models import DemandLine, LineEvent, SupplyLine
from matching.lists.services import copy_line, save_line
from matching.lists.states import LineState
from matching.review.queries import standings
from matching.runs.services import publish
from tests import factories, world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def here() -> world.World:
    """A chain with its people."""
    caches["process"].clear()
    return world.build()


def client_of(user: User) -> Client:
    """A browser signed in as that person, reading English."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def quick(line: Any, **changes: str) -> dict[str, str]:
    """What the short form of a demand line sends."""
    line.refresh_from_db()
    form = {
        "title": line.title,
        "quantity": "100000",
        "unit": "片",
        "period": "month",
        "price_ceiling": "",
        "valid_until": line.valid_until.isoformat(),
        "seen": line.updated_at.isoformat(),
    } | changes
    return {f"quick-{name}": value for name, value in form.items()}


def test_a_row_is_changed_in_place(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain, key="D1", state=LineState.VERIFIED)
    address = reverse("demand_quick", args=[line.pk])
    client = client_of(here.leader)
    shown = client.get(address, headers=HTMX).content.decode()
    assert 'name="quick-quantity" value="100000"' in shown
    assert "<html" not in shown
    answer = client.post(address, quick(line, quantity="120,000", price_ceiling="6.5"), headers=HTMX)
    line.refresh_from_db()
    assert (line.quantity, line.price_ceiling, line.state) == (
        Decimal(120_000),
        Decimal("6.5"),
        LineState.DRAFT,
    )
    assert answer.status_code == 200
    assert "120,000" in answer.content.decode()
    assert "D1 is saved." in answer.content.decode()


def test_a_row_is_changed_without_htmx_and_submitted(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain)
    address = reverse("demand_quick", args=[line.pk])
    client = client_of(here.leader)
    assert "<html" in client.get(address).content.decode()
    back = reverse("demand_list") + "?sort=key"
    form = {**quick(line, title="P型硅片"), "then": "submit", "next": back}
    answer = client.post(address, form)
    line.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, back)
    assert (line.title, line.state) == ("P型硅片", LineState.SUBMITTED)


def test_a_later_date_alone_keeps_a_line_verified(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    later = line.valid_until + timedelta(days=30)
    address = reverse("demand_quick", args=[line.pk])
    client_of(here.leader).post(address, quick(line, valid_until=later.isoformat()))
    line.refresh_from_db()
    assert (line.valid_until, line.state) == (later, LineState.VERIFIED)


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_faults_are_told_and_keep_what_was_typed(here: world.World, headers: dict[str, str]) -> None:
    line = factories.make_demand(here.leader, here.chain)
    address = reverse("demand_quick", args=[line.pk])
    typed = quick(line, quantity="about ten", title="", unit="托盘")
    answer = client_of(here.leader).post(address, typed, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a number." in text
    assert 'value="about ten"' in text
    assert 'value="托盘"' in text


def test_a_line_that_changed_meanwhile_is_not_overwritten_unseen(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain)
    address = reverse("demand_quick", args=[line.pk])
    stale = quick(line, quantity="777")
    save_line(
        actor=here.leader,
        model=DemandLine,
        organisation=line.organisation,
        key=line.key,
        values={"quantity": Decimal(555)},
        rows={},
        partial=True,
    )
    client = client_of(here.leader)
    answer = client.post(address, stale, headers=HTMX)
    text = answer.content.decode()
    line.refresh_from_db()
    assert (answer.status_code, line.quantity) == (409, Decimal(555))
    assert "changed meanwhile" in text
    assert 'value="777"' in text
    assert "Stored now: 555" in text
    # Whoever has seen the newer one may write over it.
    assert client.post(address, quick(line, quantity="777"), headers=HTMX).status_code == 200
    line.refresh_from_db()
    assert line.quantity == Decimal(777)


def test_a_duplicate_is_a_new_draft_with_all_rows(here: world.World) -> None:
    line = factories.make_supply(
        here.member,
        here.chain,
        state=LineState.VERIFIED,
        properties=({"parameter": "厚度", "low": 3, "high": 3, "unit": "mm"},),
        certificates=({"name": "ISO 9001", "number": "1"},),
    )
    answer = client_of(here.member).post(reverse("supply_copy", args=[line.pk]))
    made = SupplyLine.objects.exclude(pk=line.pk).get()
    assert answer["Location"] == reverse("supply_edit", args=[made.pk])
    assert (made.title, made.state, made.free_capacity) == (line.title, LineState.DRAFT, line.free_capacity)
    assert [row.parameter for row in made.properties.all()] == ["厚度"]
    assert [row.name for row in made.certificates.all()] == ["ISO 9001"]
    assert made.key != line.key
    assert made.committed == 0
    assert LineEvent.objects.filter(supply=made).count() == 1


def test_every_column_of_a_duplicate_is_that_of_the_line(here: world.World) -> None:
    line = factories.make_demand(
        here.leader, here.chain, price_ceiling=Decimal(5), certificates=["ISO 9001"], confidential=True
    )
    made = copy_line(actor=here.leader, model=DemandLine, line_id=line.pk)
    apart = {"id", "key", "fingerprint", "created_at", "updated_at", "round", "submitted_at"}
    names = [field.attname for field in DemandLine._meta.concrete_fields if field.name not in apart]
    assert {name: getattr(made, name) for name in names} == {name: getattr(line, name) for name in names}


def test_several_lines_are_asked_back_before_they_change(here: world.World) -> None:
    lines = [factories.make_demand(here.leader, here.chain) for _ in range(3)]
    gone = factories.make_demand(here.leader, here.chain, key="GONE", state=LineState.WITHDRAWN)
    address, client = reverse("demand_bulk"), client_of(here.leader)
    form = {"action": "withdraw", "line": [line.pk for line in (*lines, gone)]}
    asked = client.post(address, form).content.decode()
    assert "Withdraw: 3 lines" in asked
    assert "GONE (Withdrawn)" in asked
    assert DemandLine.objects.filter(state=LineState.WITHDRAWN).count() == 1
    form["line"] = [line.pk for line in lines]
    done = client.post(address, form | {"confirmed": "1"}, follow=True).content.decode()
    assert "3 entries changed." in done
    assert DemandLine.objects.filter(state=LineState.WITHDRAWN).count() == 4


def test_nothing_ticked_is_told(here: world.World) -> None:
    answer = client_of(here.leader).post(reverse("demand_bulk"), {"action": "submit"}, follow=True)
    assert "Tick the lines first." in answer.content.decode()


def test_all_lines_of_a_filter_at_once_until_a_day(here: world.World) -> None:
    for number in range(35):
        title = "硅片" if number < 33 else "焊带"
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, title=title)
    address, client = reverse("demand_bulk"), client_of(here.leader)
    form = {"action": "confirm", "all": "1", "filter": "q=硅片"}
    assert "Confirm validity: 33 lines" in client.post(address, form).content.decode()
    wrong = form | {"confirmed": "1", "valid_until": "someday"}
    refused = client.post(address, wrong)
    assert refused.status_code == 422
    assert 'value="someday"' in refused.content.decode()
    until = timezone.localdate() + timedelta(days=400)
    client.post(address, form | {"confirmed": "1", "valid_until": until.isoformat()})
    assert DemandLine.objects.filter(valid_until=until).count() == 33


def test_others_lines_do_not_exist(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    rival = factories.make_user(Role.LEADER_FIRM)
    client = client_of(rival)
    for name in ("demand_quick", "demand_row"):
        assert client.get(reverse(name, args=[line.pk])).status_code == 404
    assert client.post(reverse("demand_copy", args=[line.pk])).status_code == 404
    form = {"action": "withdraw", "line": [line.pk], "confirmed": "1"}
    assert "Tick the lines first." in client.post(reverse("demand_bulk"), form, follow=True).content.decode()
    line.refresh_from_db()
    assert line.state == LineState.VERIFIED


def test_filters_say_how_many_they_hide(here: world.World) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    factories.make_demand(here.leader, here.chain, key="L-SOON", state=LineState.VERIFIED, valid_until=soon)
    factories.make_demand(here.leader, here.chain, key="L-LATE", state=LineState.VERIFIED)
    client = client_of(here.leader)
    text = client.get(reverse("demand_list"), {"attention": "lapsing"}).content.decode()
    assert "L-SOON" in text
    assert "L-LATE" not in text
    assert "1 entry is hidden by filters" in text
    assert "3 days left" in text


@pytest.mark.parametrize(("sort", "first"), [("key", "A"), ("title", "B"), ("valid_until", "C"), ("", "C")])
def test_the_list_is_sorted_as_asked(here: world.World, sort: str, first: str) -> None:
    day = timezone.localdate() + timedelta(days=100)
    for key, title, days in (("A", "丙", 2), ("B", "一", 1), ("C", "乙", 0)):
        factories.make_demand(
            here.leader, here.chain, key=key, title=title, valid_until=day + timedelta(days=days)
        )
    response = client_of(here.leader).get(reverse("demand_list"), {"sort": sort})
    assert response.context["rows"][0].line.key == first


def test_completeness_names_what_is_missing_the_weightiest_first() -> None:
    names = [one.name for one in counted(kinds.PRODUCT, "offer")]
    found = kinds.completeness(kinds.PRODUCT, "offer", {"title", "unit", "node", "price_low"})
    assert names[:2] == ["title", "unit"]
    assert [one.name for one in found.missing] == [
        *("properties", "free_capacity", "certificates", "lead_time", "standards"),
    ]
    assert (found.filled, found.total, found.percent) == (4, 9, 44)
    whole = kinds.completeness(kinds.PRODUCT, "offer", set(names))
    assert (whole.missing, whole.percent) == ((), 100)


def test_the_filter_of_incomplete_lines_is_the_rule(here: world.World) -> None:
    whole = factories.make_supply(
        here.member,
        here.chain,
        properties=({"parameter": "厚度", "low": 3, "high": 3, "unit": "mm"},),
        certificates=({"name": "ISO 9001"},),
        standards=["GB/T 1"],
        lead_time=3,
        price_low=Decimal(1),
    )
    parts: dict[str, Any] = {"node": None, "standards": [], "lead_time": None, "price_low": None}
    for name, nothing in parts.items():
        made = copy_line(actor=here.member, model=SupplyLine, line_id=whole.pk)
        setattr(made, name, nothing)
        made.save()
    lines = SupplyLine.objects.all()
    by_rule = {line.pk for line in queries.with_filled(lines) if queries.completeness_of(line).missing}
    assert set(queries.incomplete(lines).values_list("pk", flat=True)) == by_rule
    assert by_rule == {line.pk for line in lines} - {whole.pk}


def test_how_many_ask_is_told_in_steps_and_never_of_few_firms(here: world.World) -> None:
    line = factories.make_supply(here.member, here.chain)
    buyers = [factories.make_user(Role.LEADER_FIRM) for _ in range(3)]
    place = (here.chain.pk, "product")

    def asked() -> dict[str, int]:
        caches["process"].clear()
        return queries.asking(here.member, [line])[place]

    for buyer in buyers[:2]:
        for _ in range(4):
            factories.make_demand(buyer, here.chain, state=LineState.VERIFIED, certificates=["ISO 9001"])
    assert asked() == {}
    hidden = factories.make_demand(
        buyers[2], here.chain, state=LineState.VERIFIED, certificates=["ISO 9001"], confidential=True
    )
    assert asked() == {}
    DemandLine.objects.filter(pk=hidden.pk).update(confidential=False)
    assert asked() == {"certificates": 5, "node": 5, "quantity": 5}
    factories.make_demand(buyers[0], here.chain, state=LineState.VERIFIED)
    assert asked() == {"certificates": 5, "node": 10, "quantity": 10}


def test_a_buyer_that_also_sells_is_told_no_number(here: world.World) -> None:
    line = factories.make_supply(here.member, here.chain)
    assert queries.asking(here.leader, [line]) == {}


def test_rows_count_the_matches_that_the_firm_knows_of(here: world.World) -> None:
    run = world.finished_run(here, demands=1, supplies=2)
    demand = DemandLine.objects.get()
    assert standings(here.leader, "demand", [demand.pk]) == {}
    publish(actor=here.office, run_id=run.pk)
    standing = standings(here.leader, "demand", [demand.pk])[demand.pk]
    assert (standing.matches, standing.waiting) == (2, 0)
    rival = factories.make_user(Role.LEADER_FIRM)
    assert standings(rival, "demand", [demand.pk]) == {}


def test_a_file_is_deleted_for_good_and_remembered(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain)
    client = client_of(here.leader)
    client.post(
        reverse("attachment_add", args=[line.pk]), {"file": SimpleUploadedFile("drawing.pdf", b"%PDF")}
    )
    stored = line.attachments.get()
    address = reverse("attachment_delete", args=[stored.pk])
    assert "drawing.pdf" in client.post(address).content.decode()
    assert line.attachments.count() == 1
    assert client.post(address, {"confirmed": "1"}).status_code == 303
    assert line.attachments.count() == 0
    assert list(line.events.values_list("action", "reason"))[:2] == [
        ("detach", "drawing.pdf"),
        ("attach", "drawing.pdf"),
    ]
    page = client.get(reverse("demand_detail", args=[line.pk])).content.decode()
    assert "File deleted" in page


def test_the_whole_form_does_not_overwrite_unseen_either(here: world.World) -> None:
    line = factories.make_demand(here.leader, here.chain)
    client, address = client_of(here.leader), reverse("demand_edit", args=[line.pk])
    shown = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    assert seen is not None
    line.quantity = Decimal(5)
    line.save()
    form = {
        "seen": seen[1],
        "chain": here.chain.pk,
        "title": "改过的",
        "quantity": "7",
        "unit": "片",
        "period": "month",
        "valid_until": line.valid_until.isoformat(),
        "requirements-TOTAL_FORMS": "0",
        "requirements-INITIAL_FORMS": "0",
    }
    refused = client.post(address, form)
    line.refresh_from_db()
    assert (refused.status_code, line.quantity) == (422, Decimal(5))
    assert "changed meanwhile" in refused.content.decode()
    assert 'value="改过的"' in refused.content.decode()
    again = re.search(r'name="seen" value="([^"]+)"', refused.content.decode())
    assert again is not None
    assert client.post(address, form | {"seen": again[1]}).status_code == 303
    line.refresh_from_db()
    assert (line.quantity, line.title) == (Decimal(7), "改过的")


def test_who_is_firm_and_office_stays_in_the_list_of_the_office(here: world.World) -> None:
    Membership.objects.create(
        user=here.member,
        organisation=factories.make_office(),
        role=Role.CHAIN_OFFICE,
        chains=[here.chain.pk],
        regions=["*"],
    )
    factories.make_supply(factories.make_user(Role.MEMBER_FIRM), here.chain, state=LineState.VERIFIED)
    both = client_of(User.objects.get(pk=here.member.pk))
    page = both.get(reverse("supply_list"), {"of": "office", "q": "nothing"}).content.decode()
    assert '<input type="hidden" name="of" value="office">' in page
    ways = re.findall(r'href="(\?[^"]*state=[^"]*|/lists/supply/\?[^"]*)"', page)
    assert ways
    assert [way for way in ways if "of=office" not in way] == []
