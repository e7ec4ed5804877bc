"""A form that is sent after the session has ended is offered again after signing in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matching.lists.models import DemandLine
from tests import factories, world

pytestmark = pytest.mark.django_db


def _visitor(person: User) -> Client:
    """A browser in which that person was signed in until the session ended."""
    client = Client()
    client.force_login(person)
    client.get("/notices/")
    del client.cookies["sessionid"]
    return client


def _copy(client: Client, line: DemandLine, **extra: str) -> str:
    """Send a form without being signed in; the address that the sign-in page leads to."""
    address = reverse("demand_copy", args=[line.pk])
    answer = client.post(address, {"next": "/lists/demand/", **extra})
    assert answer["Location"] == f"{reverse('account_login')}?next={address}"
    return address


def test_what_was_filled_in_is_offered_once_after_signing_in() -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain)
    client = _visitor(here.leader)
    address = _copy(client, line)
    client.force_login(here.leader)
    page = client.get(address)
    assert (page.status_code, page.context["fields"]) == (200, [("next", "/lists/demand/")])
    assert client.get(address).status_code == 405
    assert client.post(address, dict(page.context["fields"])).status_code == 303
    assert DemandLine.objects.count() == 2


def test_another_page_is_not_disturbed_and_a_long_form_is_not_kept() -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain)
    client = _visitor(here.leader)
    address = _copy(client, line)
    client.force_login(here.leader)
    assert "fields" not in client.get("/lists/demand/").context
    assert client.get(address).status_code == 200
    stranger = _visitor(here.leader)
    address = _copy(stranger, line, note="x" * 100_001)
    stranger.force_login(here.leader)
    assert stranger.get(address).status_code == 405


def test_a_form_is_offered_to_nobody_but_who_filled_it_in() -> None:
    here = world.build()
    line = factories.make_demand(here.leader, here.chain)
    client = _visitor(here.leader)
    address = _copy(client, line)
    client.force_login(here.office)
    assert client.get(address).status_code == 405
    nobody = Client()
    address = _copy(nobody, line)
    nobody.force_login(here.leader)
    assert nobody.get(address).status_code == 405


def test_what_stands_beside_a_form_never_leads_away_from_it() -> None:
    asked = Client(headers={"HX-Request": "true"})
    assert asked.post(reverse("demand_similar"), {"title": "wafer"}).status_code == 401
    assert Client().post(reverse("demand_similar"), {"title": "wafer"}).status_code == 302
    saved = asked.post(reverse("demand_create"), {"title": "wafer"})
    assert saved["HX-Redirect"] == f"{reverse('account_login')}?next={reverse('demand_create')}"
