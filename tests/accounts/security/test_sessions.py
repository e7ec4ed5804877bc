"""Sessions: a new key at sign-in, dead when anything about the person changes, useless when copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Session, User
from accounts.roles import Role
from accounts.security import profiles, sessions
from accounts.security.services import end_sessions, forget_ended, reset_second_factor, switch_account
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    """Somebody with a password."""
    return factories.make_user(Role.MEMBER_FIRM)


def signed_in(person: User, client: Client | None = None) -> Client:
    """A browser in which that person typed name and password."""
    client = client or Client()
    form = {"login": person.username, "password": PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 302
    return client


def is_in(client: Client) -> bool:
    """Whether pages for people who are signed in open."""
    return client.get(reverse("notice_list")).status_code == 200


def key_of(client: Client) -> str:
    """The session's key as the browser sends it."""
    return client.cookies["sessionid"].value


def test_signing_in_changes_the_key_and_a_planted_one_stays_a_visitors(person: User) -> None:
    attacker = Client()
    attacker.get(reverse("account_login"))
    planted = sessions.SessionStore()
    planted["writer"] = "attacker"
    planted.save()
    victim = Client()
    victim.cookies["sessionid"] = str(planted.session_key)
    signed_in(person, victim)
    attacker.cookies["sessionid"] = str(planted.session_key)
    assert key_of(victim) != planted.session_key
    assert (is_in(victim), is_in(attacker)) == (True, False)


def test_a_made_up_key_is_not_taken(person: User) -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    signed_in(person, client)
    assert key_of(client) != "a" * 32


def _change_password(person: User) -> None:
    person.set_password("another battery staple")
    person.save()


def _log_out(person: User) -> None:
    for session in Session.objects.filter(user=person):
        session.delete()


def _new_role(person: User) -> None:
    Membership.objects.create(user=person, organisation=factories.make_office(), role=Role.CHAIN_HEAD)


def _narrow(person: User) -> None:
    Membership.objects.filter(user=person).update(regions=["1401"])


def _role_taken(person: User) -> None:
    Membership.objects.filter(user=person).update(is_active=False)


@pytest.mark.parametrize(
    "change",
    [
        _change_password,
        _new_role,
        _narrow,
        _role_taken,
        _log_out,
        lambda person: switch_account(user=person, active=False),
        lambda person: User.objects.filter(pk=person.pk).update(is_active=False),
        lambda person: User.objects.filter(pk=person.pk).update(is_staff=True),
        lambda person: reset_second_factor(user=person),
        lambda person: end_sessions(user=person),
    ],
)
def test_old_sessions_die(person: User, change: Callable[[User], object]) -> None:
    client, bystander = signed_in(person), signed_in(factories.make_user(Role.LEADER_FIRM))
    assert is_in(client)
    change(person)
    assert (is_in(client), is_in(bystander)) == (False, True)


def test_what_is_no_change_of_rights_ends_nothing(person: User) -> None:
    client = signed_in(person)
    User.objects.filter(pk=person.pk).update(language="en", name="甲")
    assert is_in(client)


def test_signing_out_ends_the_session_on_the_server(person: User) -> None:
    client = signed_in(person)
    thief = Client()
    thief.cookies["sessionid"] = key_of(client)
    assert is_in(thief)
    client.post(reverse("account_logout"))
    assert not is_in(thief)
    assert Session.objects.filter(user=person).count() == 0


def test_changing_the_password_on_its_page_ends_every_session(person: User) -> None:
    here, there = signed_in(person), signed_in(person)
    form = {"oldpassword": PASSWORD, "password1": "wholly other words", "password2": "wholly other words"}
    assert here.post(reverse("account_change_password"), form).status_code == 302
    assert (is_in(here), is_in(there)) == (False, False)


@pytest.mark.parametrize("profile", profiles.PROFILES.values(), ids=profiles.PROFILES)
def test_an_idle_session_ends(person: User, settings: Settings, profile: profiles.Profile) -> None:
    settings.SECURITY_PROFILE = profile
    client = signed_in(person)
    ends = Session.objects.get(user=person).expires_at
    due = timezone.now() + timedelta(minutes=profile.idle_minutes)
    assert abs(ends - due) < timedelta(seconds=30)
    Session.objects.update(expires_at=timezone.now())
    assert not is_in(client)


def test_work_moves_the_idle_end_but_never_the_longest(person: User) -> None:
    client = signed_in(person)
    row = Session.objects.filter(user=person)
    long_ago = timezone.now() - timedelta(minutes=5)
    row.update(seen_at=long_ago, expires_at=timezone.now() + timedelta(minutes=1))
    assert is_in(client)
    assert row.get().seen_at > long_ago
    assert row.get().expires_at > timezone.now() + timedelta(minutes=50)

    store = sessions.SessionStore(key_of(client))
    store[sessions.SIGNED_IN_AT] = (timezone.now() - timedelta(hours=11, minutes=59)).timestamp()
    store.save()
    row.update(seen_at=long_ago)
    assert is_in(client)
    assert row.get().expires_at < timezone.now() + timedelta(minutes=2)


def test_a_page_that_asks_again_by_itself_keeps_nobody_signed_in(person: User) -> None:
    office = factories.make_user(Role.CHAIN_OFFICE)
    chain = factories.make_chain()
    client = signed_in(office)
    row = Session.objects.filter(user=office)
    long_ago = timezone.now() - timedelta(minutes=5)
    row.update(seen_at=long_ago)
    assert client.get(reverse("overview_wall"), {"chain": chain.pk}).status_code == 200
    assert row.get().seen_at == long_ago


def test_a_dump_of_the_database_holds_no_usable_session(person: User) -> None:
    client = signed_in(person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_session")
        stolen = [str(value) for row in cursor.fetchall() for value in row]
    assert stolen
    assert not [value for value in stolen if key_of(client) in value or SESSION_KEY in value]
    for value in stolen:
        thief = Client()
        thief.cookies["sessionid"] = value
        assert not is_in(thief)


def test_the_dump_check_bites(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "digest_of", lambda key: key)
    signed_in(person)
    thief = Client()
    thief.cookies["sessionid"] = Session.objects.get(user=person).digest
    assert is_in(thief)


def test_ended_sessions_are_forgotten(person: User) -> None:
    client = signed_in(person)
    Session.objects.create(digest="old", data="", expires_at=timezone.now() - timedelta(seconds=1))
    forget_ended()
    assert list(Session.objects.values_list("user", flat=True)) == [person.pk]
    assert is_in(client)


def test_content_under_a_lost_key_is_no_session(person: User, settings: Settings) -> None:
    client = signed_in(person)
    settings.SECRET_KEY = "x" * 60
    assert not is_in(client)
