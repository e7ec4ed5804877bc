"""What follows beyond the pages: queued work stops, firms read who saw their people, names are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import personal
from accounts.audit.models import AuditEntry
from accounts.models import User
from accounts.roles import Role
from matching.disclosure.models import Disclosure
from matching.joining.models import JoinRequest
from matching.joining.states import JoinState
from matching.people import queries, services, tasks
from matching.people.models import RoleRequest
from matching.people.services import Wanted
from matching.people.services.forgetting import forget_unfinished
from matching.people.states import RoleState
from tests import factories
from tests.api.story import API, client_of
from tests.people.test_roles import CHOSEN, link, signed_in

pytestmark = pytest.mark.django_db
WANTED = Wanted(role=Role.MEMBER_FIRM, name="王工", email="wang@firm.example")


def asked(person: User) -> RoleRequest:
    """An invitation of the person's firm."""
    return services.ask(actor=person, organisation_id=factories.firm_of(person).pk, wanted=WANTED)


@pytest.mark.parametrize("place", ["list", "person", "organisation", "api person", "api roles"])
def test_a_firm_reads_that_an_administrator_saw_its_people(place: str) -> None:
    person, administrator = factories.make_user(Role.MEMBER_FIRM), factories.make_user(Role.SYSTEM_ADMIN)
    firm = factories.firm_of(person)
    browser = signed_in(administrator)
    address = {
        "list": reverse("person_list"),
        "person": reverse("person_detail", args=[person.public_id]),
        "organisation": reverse("organisation_detail", args=[firm.pk]),
        "api person": f"{API}/people/{person.public_id}/",
        "api roles": f"{API}/memberships/",
    }[place]
    assert browser.get(address).status_code == 200
    seen = Disclosure.objects.get(organisation=firm)
    assert (seen.reader, seen.side, seen.parts, seen.lines) == (administrator, "people", ["contacts"], 1)
    page = signed_in(person).get(reverse("disclosure_list")).content.decode()
    assert "Contact data of 1 of our people" in page


def test_of_ones_own_people_nothing_is_noted() -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    signed_in(person).get(reverse("colleague_list"))
    client_of(person).get(f"{API}/memberships/")
    assert Disclosure.objects.count() == 0


@pytest.mark.parametrize("door", ["page", "api"])
def test_who_saw_the_contact_person_of_a_firm_that_asks_to_join_it_reads_once_it_has(door: str) -> None:
    chain = factories.make_chain()
    city = factories.make_user(Role.CITY_TASK_FORCE, chains=(chain.pk,), regions=("1401",))
    request = factories.make_join_request(chain, JoinState.REQUESTED)
    other = factories.make_user(Role.MEMBER_FIRM)
    browser = signed_in(city)
    address = reverse("join_queue") if door == "page" else f"{API}/join-requests/{request.pk}/"
    assert request.email in browser.get(address).content.decode()
    assert (Disclosure.objects.count(), Disclosure.objects.visible_to(other).count()) == (1, 0)
    browser.post(reverse("join_act", args=[request.pk]), {"action": "verify"})
    firm = JoinRequest.objects.get(pk=request.pk).account
    assert firm is not None
    (seen,) = signed_in(firm).get(f"{API}/disclosures/").json()["results"]
    assert (seen["reader"], seen["side"], seen["parts"], seen["via"]) == (
        str(city),
        "people",
        ["contacts"],
        door,
    )


def test_a_door_that_notes_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    person, administrator = factories.make_user(Role.MEMBER_FIRM), factories.make_user(Role.SYSTEM_ADMIN)
    monkeypatch.setattr(queries, "saw_people", lambda *of: None)
    signed_in(administrator).get(reverse("person_detail", args=[person.public_id]))
    assert Disclosure.objects.count() == 0


def test_an_invitation_in_the_queue_that_was_withdrawn_is_not_sent(mailoutbox: list[object]) -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    request = asked(person)
    assert request.invited_at is not None
    waiting = (str(request.pk), request.invited_at.isoformat())
    services.withdraw(actor=person, request_id=request.pk)
    tasks.mail_invitation(*waiting)
    assert mailoutbox == []


def test_who_lost_the_role_since_asks_and_decides_nothing_more() -> None:
    system, security = factories.make_user(Role.SYSTEM_ADMIN), factories.make_user(Role.SECURITY_ADMIN)
    another = factories.make_user(Role.SECURITY_ADMIN)
    office = factories.make_office()
    wanted = Wanted(role=Role.CHAIN_OFFICE, name="x", email="x@office.example")
    request = services.ask(actor=system, organisation_id=office.pk, wanted=wanted)
    browser, token = signed_in(security), factories.make_token(security)[1]
    services.end_role(actor=system, membership_id=security.memberships.get().pk)
    act = reverse("role_request_act", args=[request.pk])
    assert browser.post(act, {"action": "approve"}).status_code == 302
    program = Client(headers={"authorization": f"Bearer {token}"})
    assert program.post(f"{API}/role-requests/{request.pk}/approve/").status_code == 404
    request.refresh_from_db()
    assert request.state == RoleState.WAITING
    services.approve(actor=another, request_id=request.pk)


def test_names_of_people_who_never_came_are_forgotten() -> None:
    request = asked(factories.make_user(Role.MEMBER_FIRM))
    assert forget_unfinished(before=timezone.now() - timedelta(days=90)) == 0
    RoleRequest.objects.update(updated_at=timezone.now() - timedelta(days=91))
    assert forget_unfinished(before=timezone.now() - timedelta(days=90)) == 1
    request.refresh_from_db()
    assert (request.name, request.email, request.state) == ("", "", RoleState.WITHDRAWN)


def test_an_erased_person_leaves_no_name_in_what_was_asked() -> None:
    request = asked(factories.make_user(Role.MEMBER_FIRM))
    Client().post(link(), {"name": "王工", "password": CHOSEN, "again": CHOSEN})
    personal.erase(User.objects.get(email="wang@firm.example"))
    request.refresh_from_db()
    assert (request.name, request.email, request.state) == ("", "", RoleState.GRANTED)


def test_each_step_leaves_an_entry_without_name_and_address() -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    request = asked(person)
    services.withdraw(actor=person, request_id=request.pk)
    entries = AuditEntry.objects.filter(table="matching_rolerequest", object_id=str(request.pk))
    assert [entry.action for entry in entries.order_by("id")] == ["insert", "update"]
    told = str([(entry.before, entry.after) for entry in entries])
    assert "wang@firm.example" not in told
    assert "withdrawn" in told
