"""Roles are asked for by one and granted by another; firms invite their own; what ended is over at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Membership, Organisation, User
from accounts.roles import OrganisationKind, Role
from accounts.security import oidc, profiles
from matching.errors import Conflict, Forbidden, Invalid
from matching.notices.models import Notice, OutboxMessage
from matching.people import services, tasks
from matching.people.models import RoleRequest
from matching.people.queries import by_token
from matching.people.services import Wanted
from matching.people.states import RoleState
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
CHOSEN = "Kaixin-mao-2026-Tiao"


def signed_in(person: User) -> Client:
    """A browser of the person, in English, where the password was typed a moment ago."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def link() -> str:
    """Where the newest invitation's e-mail leads."""
    message = OutboxMessage.objects.filter(task="people.mail_invitation").order_by("pk").last()
    assert message is not None
    mail.outbox.clear()
    tasks.mail_invitation(*message.arguments)
    found = re.search(r"https?://[^/]+(\S+)", str(mail.outbox[0].body))
    assert found
    return found[1]


@pytest.fixture
def system() -> User:
    """The system administrator."""
    return factories.make_user(Role.SYSTEM_ADMIN)


@pytest.fixture
def security() -> User:
    """The security administrator."""
    return factories.make_user(Role.SECURITY_ADMIN)


@pytest.fixture
def office() -> Organisation:
    """An office with nobody in it."""
    return factories.make_office()


NEW = Wanted(role=Role.CHAIN_OFFICE, name="李主任", email="Li@office.example", regions=["1401"])


def test_an_office_gets_a_person_by_two_administrators_and_the_persons_own_password(
    system: User, security: User, office: Organisation
) -> None:
    chain = factories.make_chain().pk
    browser = signed_in(system)
    form = {"name": "李主任", "email": "Li@office.example", "role": "chain_office"}
    address = reverse("role_request_create", args=[office.pk])
    assert browser.post(address, form).status_code == 422  # no reach is no reach, not all
    answer = browser.post(address, {**form, "chains": [chain], "regions": ["*"]})
    assert answer.status_code == 303
    asked = RoleRequest.objects.get()
    assert (asked.state, asked.email, asked.chains) == (RoleState.WAITING, "li@office.example", [chain])
    assert not User.objects.filter(email="li@office.example").exists()
    assert Notice.objects.filter(user=security).count() == 1

    act = reverse("role_request_act", args=[asked.pk])
    assert browser.post(act, {"action": "approve"}).status_code == 403
    assert signed_in(security).post(act, {"action": "approve"}).status_code == 303
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (RoleState.INVITED, security)

    there, visitor = link(), Client()
    assert visitor.get(there).status_code == 200
    typed = {"name": "李主任", "password": CHOSEN, "again": CHOSEN}
    assert visitor.post(there, {**typed, "again": "else"}).status_code == 422
    assert visitor.post(there, {**typed, "password": "short", "again": "short"}).status_code == 422
    assert User.objects.filter(email="li@office.example").count() == 0
    assert visitor.post(there, typed).status_code == 303
    person = User.objects.get(email="li@office.example")
    held = person.memberships.get()
    assert (held.role, held.organisation, held.chains) == ("chain_office", office, [chain])
    assert EmailAddress.objects.get(user=person).verified
    entered = visitor.post(reverse("account_login"), {"login": "li@office.example", "password": CHOSEN})
    assert entered["Location"] == reverse("home")
    assert Client().get(there).status_code == 404


def test_who_has_an_account_has_the_role_with_the_approval(
    system: User, security: User, office: Organisation
) -> None:
    person = factories.make_user(Role.CHAIN_HEAD)
    User.objects.filter(pk=person.pk).update(email="head@office.example")
    wanted = Wanted(role=Role.CITY_TASK_FORCE, name="x", email="head@office.example")
    asked = services.ask(actor=system, organisation_id=office.pk, wanted=wanted)
    assert asked.account == person
    services.approve(actor=security, request_id=asked.pk)
    asked.refresh_from_db()
    assert asked.state == RoleState.GRANTED
    assert {held.role for held in person.memberships.all()} == {"chain_head", "city_task_force"}
    with pytest.raises(Conflict) as refusal:
        services.ask(actor=system, organisation_id=office.pk, wanted=wanted)
    assert refusal.value.code == "held_already"


def test_a_role_with_another_reach_replaces_the_one_before(
    system: User, security: User, office: Organisation
) -> None:
    chain = factories.make_chain().pk
    person = factories.make_user(Role.CHAIN_OFFICE, office)
    User.objects.filter(pk=person.pk).update(email="a@office.example")
    wanted = Wanted(role=Role.CHAIN_OFFICE, name="x", email="a@office.example", chains=[chain])
    asked = services.ask(actor=system, organisation_id=office.pk, wanted=wanted)
    services.approve(actor=security, request_id=asked.pk)
    assert [held.chains for held in person.memberships.all()] == [[chain]]


@pytest.mark.parametrize("profile", ["asvs", "mlps"])
def test_four_eyes(settings: Settings, office: Organisation, profile: str) -> None:
    """Under mlps nobody holds both roles; where somebody does all the same, nobody approves for oneself."""
    settings.SECURITY_PROFILE = profiles.chosen(profile, "nobody")
    both = factories.make_user(Role.SYSTEM_ADMIN)
    Membership.objects.create(user=both, organisation=office, role=Role.SECURITY_ADMIN)
    asked = services.ask(actor=both, organisation_id=office.pk, wanted=NEW)
    if profile == "asvs":
        assert services.approve(actor=both, request_id=asked.pk).state == RoleState.INVITED
        return
    with pytest.raises(Forbidden):
        services.approve(actor=both, request_id=asked.pk)
    asked.refresh_from_db()
    assert asked.state == RoleState.WAITING


@pytest.mark.parametrize(
    ("profile", "held", "wanted", "refused"),
    [
        ("mlps", Role.SYSTEM_ADMIN, Role.AUDITOR, True),
        ("mlps", Role.AUDITOR, Role.CHAIN_OFFICE, True),
        ("asvs", Role.SYSTEM_ADMIN, Role.AUDITOR, False),
        ("asvs", Role.MEMBER_FIRM, Role.CHAIN_OFFICE, True),
        ("asvs", Role.CHAIN_HEAD, Role.CHAIN_OFFICE, False),
    ],
)
def test_roles_that_exclude_each_other_are_refused_when_given(
    settings: Settings,
    system: User,
    office: Organisation,
    profile: str,
    held: Role,
    wanted: Role,
    refused: bool,
) -> None:
    settings.SECURITY_PROFILE = profiles.chosen(profile, "nobody")
    person = factories.make_user(held)
    User.objects.filter(pk=person.pk).update(email="p@office.example")
    asked = Wanted(role=wanted, name="x", email="p@office.example")
    if not refused:
        services.ask(actor=system, organisation_id=office.pk, wanted=asked)
        return
    with pytest.raises(Invalid) as refusal:
        services.ask(actor=system, organisation_id=office.pk, wanted=asked)
    assert refusal.value.code == "incompatible_roles"


def test_two_open_requests_exclude_each_other_too(
    settings: Settings, system: User, office: Organisation
) -> None:
    settings.SECURITY_PROFILE = profiles.chosen("mlps", "nobody")
    services.ask(actor=system, organisation_id=office.pk, wanted=Wanted(Role.AUDITOR, "x", "p@a.example"))
    with pytest.raises(Invalid):
        services.ask(
            actor=system, organisation_id=office.pk, wanted=Wanted(Role.SYSTEM_ADMIN, "x", "P@a.example")
        )


def test_a_firm_invites_and_ends_its_own(office: Organisation) -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    firm = factories.firm_of(person)
    browser = signed_in(person)
    answer = browser.post(
        reverse("colleague_invite", args=[firm.pk]), {"name": "王工", "email": "wang@firm.example"}
    )
    assert answer.status_code == 303
    there = link()
    Client().post(there, {"name": "王工", "password": CHOSEN, "again": CHOSEN})
    colleague = User.objects.get(email="wang@firm.example")
    assert [held.role for held in colleague.memberships.all()] == ["member_firm"]
    page = browser.get(reverse("colleague_list")).content.decode()
    assert "王工" in page

    theirs = Client()
    theirs.force_login(colleague)
    assert theirs.get(reverse("supply_list")).status_code == 200
    held = colleague.memberships.get()
    assert browser.post(reverse("colleague_end", args=[held.public_id])).status_code == 303
    assert theirs.get(reverse("supply_list")).status_code == 302
    again = signed_in(User.objects.get(pk=colleague.pk))
    assert again.get(reverse("supply_list")).status_code == 403
    own = Membership.objects.get(user=person)
    browser.post(reverse("colleague_end", args=[own.public_id]))
    own.refresh_from_db()
    assert own.is_active


def test_a_firm_learns_of_nobody_whether_there_is_an_account() -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    firm = factories.firm_of(person)
    known = factories.make_user(Role.LEADER_FIRM)
    User.objects.filter(pk=known.pk).update(email="known@firm.example")
    browser = signed_in(person)
    pages = []
    for address in ("known@firm.example", "nobody@firm.example"):
        form = {"name": "王工", "email": address}
        answer = browser.post(reverse("colleague_invite", args=[firm.pk]), form)
        shown = browser.get(reverse("colleague_list")).content.decode()
        asked = RoleRequest.objects.get(email=address)
        pages.append((answer.status_code, asked.account, asked.state, shown.count("known@firm.example")))
        services.withdraw(actor=person, request_id=asked.pk)
    assert [page[:3] for page in pages] == [(303, None, "invited")] * 2


def test_somebody_elses_invitation_is_not_accepted() -> None:
    person, other = factories.make_user(Role.MEMBER_FIRM), factories.make_user(Role.MEMBER_FIRM)
    known = factories.make_user(Role.MEMBER_FIRM)
    User.objects.filter(pk=known.pk).update(email="known@firm.example")
    wanted = Wanted(role=Role.MEMBER_FIRM, name="x", email="known@firm.example")
    services.ask(actor=person, organisation_id=factories.firm_of(person).pk, wanted=wanted)
    there = link()
    assert (
        "There is an account" in Client(headers={"cookie": "django_language=en"}).get(there).content.decode()
    )
    signed_in(other).post(there)
    assert other.memberships.count() == 1
    assert signed_in(known).post(there).status_code == 303
    assert {held.organisation for held in known.memberships.all()} >= {factories.firm_of(person)}


def test_a_newer_link_and_a_withdrawal_end_the_one_before() -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    firm = factories.firm_of(person).pk
    asked = services.ask(
        actor=person, organisation_id=firm, wanted=Wanted(Role.MEMBER_FIRM, "x", "w@firm.example")
    )
    first = link()
    services.resend(actor=person, request_id=asked.pk)
    second = link()
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
    services.withdraw(actor=person, request_id=asked.pk)
    assert Client().get(second).status_code == 404
    assert by_token("made-up") is None


def test_a_firm_gives_no_other_role_and_none_elsewhere(office: Organisation) -> None:
    person = factories.make_user(Role.MEMBER_FIRM)
    own, other = factories.firm_of(person), factories.make_firm(OrganisationKind.MEMBER_FIRM)
    for firm, role, error in (
        (own, Role.CHAIN_OFFICE, Invalid),
        (own, Role.LEADER_FIRM, Invalid),
        (other, Role.MEMBER_FIRM, Forbidden),
        (office, Role.SYSTEM_ADMIN, Forbidden),
    ):
        with pytest.raises(error):
            services.ask(actor=person, organisation_id=firm.pk, wanted=Wanted(role, "x", "a@b.example"))
    program = factories.make_user(Role.INTEGRATOR, own)
    with pytest.raises(Forbidden):
        services.ask(
            actor=program, organisation_id=own.pk, wanted=Wanted(Role.MEMBER_FIRM, "x", "a@b.example")
        )


def test_an_account_ends_with_all_it_had(system: User, security: User) -> None:
    person = factories.make_user(Role.CHAIN_OFFICE)
    factories.make_token(person)
    oidc.bind(user=person, subject="subject-1")
    theirs = Client()
    theirs.force_login(person)
    address = reverse("person_act", args=[person.public_id])
    assert signed_in(security).post(address, {"action": "end"}).status_code == 403
    assert signed_in(system).post(address, {"action": "end"}).status_code == 303
    person.refresh_from_db()
    assert (person.is_active, person.memberships.filter(is_active=True).count()) == (False, 0)
    assert (person.tokens.count(), SocialAccount.objects.filter(user=person).count()) == (0, 0)
    assert theirs.get(reverse("notice_list")).status_code == 302


@pytest.mark.parametrize("verb", ["end_role", "end_account", "switch_off"])
def test_the_last_administrator_stays(system: User, security: User, verb: str) -> None:
    last = security if verb != "switch_off" else system
    actor = system if verb != "switch_off" else security

    def do() -> Any:
        if verb == "end_role":
            return services.end_role(actor=actor, membership_id=last.memberships.get().pk)
        return getattr(services, verb)(actor=actor, person_id=last.pk)

    with pytest.raises(Conflict) as refusal:
        do()
    assert refusal.value.code == "last_administrator"
    factories.make_user(Role.SECURITY_ADMIN)
    factories.make_user(Role.SYSTEM_ADMIN)
    do()


def test_subjects_are_bound_and_unbound(system: User) -> None:
    person, other = factories.make_user(Role.CHAIN_OFFICE), factories.make_user(Role.CHAIN_HEAD)
    browser = signed_in(system)
    act = reverse("person_act", args=[person.public_id])
    browser.post(act, {"action": "bind", "subject": "s-1"})
    assert SocialAccount.objects.get(user=person).uid == "s-1"
    assert Notice.objects.filter(user=person).count() == 1
    browser.post(reverse("person_act", args=[other.public_id]), {"action": "bind", "subject": "s-1"})
    assert not SocialAccount.objects.filter(user=other).exists()
    browser.post(act, {"action": "unbind"})
    assert not SocialAccount.objects.exists()
    with pytest.raises(Conflict):
        services.bind_subject(actor=system, person_id=factories.make_user(Role.LEADER_FIRM).pk, subject="x")


def test_a_refusal_says_why_and_is_told(system: User, security: User, office: Organisation) -> None:
    asked = services.ask(actor=system, organisation_id=office.pk, wanted=NEW)
    with pytest.raises(Invalid):
        services.refuse(actor=security, request_id=asked.pk, reason=" ")
    services.refuse(actor=security, request_id=asked.pk, reason="此人已调离")
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (RoleState.REFUSED, "此人已调离")
    assert Notice.objects.filter(user=system).count() == 1
