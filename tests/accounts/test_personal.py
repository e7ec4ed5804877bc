"""One's own data: taken along whole, erased without breaking the record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import personal
from accounts.audit.models import AuditEntry
from accounts.models import User
from accounts.roles import Role
from matching.joining.models import JoinRequest
from matching.joining.services import forget_unfinished
from matching.joining.states import JoinState
from matching.lists.models import LineEvent, SupplyLine
from matching.lists.states import LineState
from matching.notices.models import Notice
from matching.notices.services import forget_notices, tell
from tests import factories, world

pytestmark = pytest.mark.django_db
KNOWN = {
    "username": "wang.gong.77",
    "name": "王晓工程师",
    "email": "wang77@firm.example",
    "phone": "13955550077",
}


@pytest.fixture
def here() -> world.World:
    """A member firm's person who has done something and is named in a line."""
    told = world.build()
    User.objects.filter(pk=told.member.pk).update(**KNOWN)
    told.member.refresh_from_db()
    factories.make_supply(
        told.member,
        told.chain,
        state=LineState.SUBMITTED,
        contact_name=KNOWN["name"],
        contact_phone=KNOWN["phone"],
    )
    tell(users=[told.member], key="hello", zh="您好，王晓工程师", en="hello")
    request = factories.make_join_request(told.chain)
    JoinRequest.objects.filter(pk=request.pk).update(
        account=told.member, contact_name=KNOWN["name"], email=KNOWN["email"], phone=KNOWN["phone"]
    )
    return told


def _browser(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(person)
    return client


def _tables_naming(words: dict[str, str]) -> set[str]:
    """Tables in which any of the words stands."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            wanted = [f"%{word}%" for word in words.values()]
            cursor.execute(f'SELECT 1 FROM "{name}" row WHERE row::text LIKE ANY(%s) LIMIT 1', [wanted])
            found |= {name for _ in cursor.fetchall()}
    return found


def test_everything_about_oneself_is_in_one_file(here: world.World) -> None:
    answer = _browser(here.member).get(reverse("my_data_download"))
    assert answer["Content-Disposition"].startswith("attachment")
    told: dict[str, Any] = json.loads(answer.content)
    assert {name: told["account"][name] for name in KNOWN} == KNOWN
    assert [role["role"] for role in told["roles"]] == [Role.MEMBER_FIRM]
    records = told["records"]
    assert records["matching.Notice.user"][0]["text_zh"] == "您好，王晓工程师"
    assert records["matching.JoinRequest.account"][0]["email"] == KNOWN["email"]
    assert records["matching.LineEvent.actor"][0]["action"] == "edit"
    assert not any("password" in row for rows in records.values() for row in rows)


def test_nothing_of_others_is_in_it(here: world.World) -> None:
    told = _browser(here.leader).get(reverse("my_data_download")).content.decode()
    assert not any(word in told for word in KNOWN.values())


def test_an_erased_person_is_nowhere_and_its_deeds_stay(here: world.World) -> None:
    browser = _browser(here.member)
    events = LineEvent.objects.filter(actor=here.member).count()
    assert {
        "accounts_user",
        "matching_joinrequest",
        "matching_notice",
        "matching_supplyline",
    } <= _tables_naming(KNOWN)
    assert browser.post(reverse("my_data_erase"), {"username": "somebody"}).status_code == 422
    asked = browser.post(reverse("my_data_erase"), {"username": KNOWN["username"]})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert {"accounts_user"} <= _tables_naming(KNOWN)
    # What was asked for goes on once the password was typed.
    browser.post(asked["Location"], {"password": factories.PASSWORD})
    assert _tables_naming(KNOWN) == set()
    assert browser.get(reverse("home")).wsgi_request.user.is_authenticated is False
    gone = User.objects.get(pk=here.member.pk)
    assert (gone.username, gone.is_active, gone.has_usable_password()) == (f"erased-{gone.pk}", False, False)
    assert gone.active_memberships == []
    assert LineEvent.objects.filter(actor=gone).count() == events > 0
    assert AuditEntry.objects.filter(actor=gone.pk).exists()
    line = SupplyLine.objects.get()
    assert (line.contact_name, line.contact_phone, line.state) == ("", "", LineState.SUBMITTED)


def test_a_room_that_forgets_to_erase_is_found(here: world.World, settings: Any) -> None:
    settings.PERSONAL_ERASERS = ()
    personal.erase(here.member)
    assert _tables_naming(KNOWN) == {"matching_joinrequest", "matching_notice", "matching_supplyline"}


def test_who_looks_after_the_installation_is_not_erased_alone() -> None:
    person = factories.make_user(Role.SECURITY_ADMIN)
    answer = _browser(person).post(reverse("my_data_erase"), {"username": person.username})
    assert answer.status_code == 403
    assert User.objects.get(pk=person.pk).is_active


def test_what_nobody_needs_any_more_is_forgotten(here: world.World) -> None:
    before = timezone.now() - timedelta(days=90)
    old = before - timedelta(days=1)
    waiting = factories.make_join_request(here.chain)
    left = factories.make_join_request(here.chain, JoinState.RETURNED)
    JoinRequest.objects.filter(pk__in=[waiting.pk, left.pk]).update(updated_at=old)
    assert forget_unfinished(before=before) == 1
    assert forget_unfinished(before=before) == 0
    left.refresh_from_db()
    assert (left.contact_name, left.email, left.phone) == ("", "", "")
    tell(users=[here.leader], key="old", zh="旧", en="old")
    Notice.objects.filter(key__contains="old").update(created_at=old)
    kept = Notice.objects.count() - 1
    assert forget_notices(before=before) == 1
    assert Notice.objects.count() == kept
