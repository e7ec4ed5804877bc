"""An installation under ``mlps`` is started from nothing: three people, three links, and what follows."""

from __future__ import annotations

import re
from io import StringIO
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.security import profiles
from tests.people.test_roles import link

pytestmark = pytest.mark.django_db
ADDRESSES = {"system": "xt@office.example", "security": "aq@office.example", "audit": "sj@office.example"}
CHOSEN = "Kaixin-mao-2026-Tiao!"


@pytest.fixture(autouse=True)
def _mlps(settings: Settings) -> None:
    settings.SECURITY_PROFILE = profiles.MLPS


def made(**other: str) -> dict[str, str]:
    """The links that the command prints, by role."""
    out = StringIO()
    call_command("first_administrators", stdout=out, **{**ADDRESSES, **other})
    lines = [line.split("\t") for line in out.getvalue().splitlines() if "\t" in line]
    return {role: urlsplit(address).path for role, _mail, address in lines}


def come_in(path: str, address: str) -> Client:
    """Choose a password by the link, set up a second factor, and be in."""
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.get(path, follow=True)
    form = {"password1": CHOSEN, "password2": CHOSEN}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302
    assert (
        "This link is over"
        in Client(headers={"cookie": "django_language=en"}).get(path, follow=True).content.decode()
    )
    assert client.post(reverse("account_login"), {"login": address, "password": CHOSEN}).status_code == 302
    person = User.objects.get(email=address)
    assert client.get(reverse("notice_list"))["Location"] == reverse("mfa_index")
    TOTP.activate(person, generate_totp_secret())
    client.post(reverse("account_reauthenticate"), {"password": CHOSEN})
    assert client.get(reverse("notice_list")).status_code == 200
    return client


def test_three_links_lead_to_an_office_at_work() -> None:
    links = made()
    assert set(links) == {"system_admin", "security_admin", "auditor"}
    system = come_in(links["system_admin"], ADDRESSES["system"])
    security = come_in(links["security_admin"], ADDRESSES["security"])
    audit = come_in(links["auditor"], ADDRESSES["audit"])

    entry = {"kind": "office", "name": "光伏产业链专班", "region": "14"}
    created = system.post(reverse("organisation_create"), entry)
    office = created["Location"].rstrip("/").rpartition("/")[2]
    form = {
        "name": "李主任",
        "email": "li@office.example",
        "role": "chain_office",
        "chains": "*",
        "regions": "*",
    }
    assert system.post(reverse("role_request_create", args=[office]), form).status_code == 303
    page = security.get(reverse("role_request_list")).content.decode()
    address = re.search(r'action="(/people/requests/[0-9a-f-]{36}/)"', page)
    assert address
    assert security.post(address[1], {"action": "approve"}).status_code == 303
    typed = {"name": "李主任", "password": CHOSEN, "again": CHOSEN}
    assert Client().post(link(), typed).status_code == 303
    assert Membership.objects.get(user__email="li@office.example").role == Role.CHAIN_OFFICE
    told = audit.get(reverse("audit_list")).content.decode()
    assert "li@office.example" not in told  # the audit names accounts by number
    assert audit.get(reverse("person_list")).status_code == 403
    assert system.get(reverse("demand_list")).status_code == 403


def test_printed_again_until_somebody_has_come_in() -> None:
    first, again = made(), made()
    assert set(first) == set(again)
    assert User.objects.count() == 3
    come_in(again["auditor"], ADDRESSES["audit"])
    with pytest.raises(CommandError):
        made()


@pytest.mark.parametrize("other", [{"audit": ADDRESSES["system"]}, {"audit": "no address"}, {"region": "1"}])
def test_what_is_wrong_opens_nothing(other: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        made(**other)
    assert User.objects.count() == 0


def test_an_account_that_is_there_is_taken_by_nobody() -> None:
    User.objects.create_user("someone", ADDRESSES["audit"], CHOSEN)
    with pytest.raises(CommandError):
        made()
    assert User.objects.count() == 1
