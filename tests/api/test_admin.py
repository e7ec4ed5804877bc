"""The admin opens every list, and what is computed can't be changed there."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.credentials.admin import Closed
from accounts.models import User
from matching.record_admin import ReadOnlyAdmin
from tests.api.story import Story


@pytest.fixture
def staff(story: Story) -> Client:
    """A superuser's browser."""
    person = User.objects.create_superuser("root", "", "correct horse battery")
    client = Client()
    client.force_login(person, "accounts.security.backend.Backend")
    return client


def test_every_list_and_its_first_object_open(staff: Client) -> None:
    staff.get(reverse("admin:index"))
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        closed = isinstance(page, Closed)
        assert staff.get(reverse(f"{name}_changelist")).status_code == (403 if closed else 200)
        if closed:
            continue
        first = model._default_manager.first()
        if first is None:
            continue
        address = reverse(f"{name}_change", args=[first.pk])
        assert staff.get(address).status_code == 200
        if isinstance(page, ReadOnlyAdmin):
            assert staff.get(reverse(f"{name}_add")).status_code == 403
            assert staff.post(address, {}).status_code == 403
            assert staff.post(reverse(f"{name}_delete", args=[first.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "table", ["mfa/authenticator", "socialaccount/socialapp", "socialaccount/socialtoken"]
)
def test_ways_in_that_have_a_place_of_their_own_have_none_in_the_admin(staff: Client, table: str) -> None:
    assert staff.get(f"/admin/{table}/").status_code == 404
    assert staff.get("/admin/socialaccount/socialaccount/").status_code == 200
