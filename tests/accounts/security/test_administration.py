"""Who may open what of Django's admin: the whole of it superusers, and nobody else any of it."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from accounts.security import profiles
from accounts.security.administration import Site
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
PAGES = [
    reverse("admin:index"),
    *(
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ),
]
OPENS = {200, 403}
"""403: tables of credentials, which are shut to everybody."""


def statuses(person: User) -> set[int]:
    """What the admin's pages answer that person."""
    client = Client()
    client.force_login(person)
    return {client.get(page, follow=True).status_code for page in PAGES}


def test_superusers_open_it_and_nobody_else_whatever_the_role() -> None:
    root = User.objects.create_superuser("root", "", PASSWORD)
    assert statuses(root) == OPENS
    for role in Role:
        assert statuses(factories.make_user(role)) == {403}, role


def test_staff_without_all_rights_open_nothing_and_get_no_second_page_to_guess_passwords_on() -> None:
    person = factories.make_user(Role.SYSTEM_ADMIN)
    person.is_staff = True
    person.save()
    assert statuses(person) == {403}
    client = Client()
    client.force_login(person)
    guess = {"username": "root", "password": "guess"}
    assert client.post(reverse("admin:login"), guess).status_code == 403


def test_visitors_are_led_to_the_portals_sign_in() -> None:
    answer = Client().get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_under_mlps_it_is_shut(settings: Settings) -> None:
    root = User.objects.create_superuser("root", "", PASSWORD)
    client = Client()
    client.force_login(root)
    settings.SECURITY_PROFILE = profiles.chosen("mlps", "nobody")
    for page in PAGES:
        assert client.get(page).status_code == 302
    assert client.get(PAGES[0], follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_wider_door_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "has_permission", lambda self, request: request.user.is_active)
    assert statuses(factories.make_user(Role.SYSTEM_ADMIN)) != {403}
