"""What a page weighs on a slow line: long lists stay small, files are fetched once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.models import User
from matching.lists.states import LineState
from matching.pages import PAGE_SIZE
from tests import factories, world

MOST_BYTES = 100_000
COMPRESSED = {"accept-encoding": "gzip"}


def _weight(user: User | None, name: str, *arguments: object) -> int:
    client = Client(headers=COMPRESSED)
    if user is not None:
        client.force_login(user)
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    return len(answer.content)


@pytest.mark.django_db
def test_the_longest_pages_are_light() -> None:
    here = world.build()
    run = world.finished_run(here, demands=PAGE_SIZE + 1, supplies=PAGE_SIZE + 1)
    for state in (LineState.DRAFT, LineState.SUBMITTED):
        for _number in range(PAGE_SIZE):
            factories.make_demand(here.leader, here.chain, state=state)
            factories.make_supply(here.member, here.chain, state=state)
    pages: list[tuple[Any, ...]] = [
        (None, "home"),
        (None, "method"),
        (None, "design"),
        (here.office, "home"),
        *((here.office, name) for name in ("demand_list", "supply_list", "verification", "overview")),
        *(
            (here.office, name, run.pk)
            for name in ("run_detail", "run_matches", "run_near_misses", "run_gaps")
        ),
        *((here.leader, name) for name in ("demand_list", "demand_create", "my_matches")),
        *((here.member, name) for name in ("supply_list", "supply_create", "my_matches")),
    ]
    weights = {page[1:]: _weight(*page) for page in pages}
    assert {page: weight for page, weight in weights.items() if weight >= MOST_BYTES} == {}


@pytest.mark.django_db
def test_downloads_and_the_interface_are_left_as_they_are() -> None:
    here = world.build()
    client = Client(headers=COMPRESSED)
    client.force_login(here.leader)
    for address in (reverse("demand_template"), "/api/v1/demand-lines/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer


def test_files_of_production_are_fetched_once_and_compressed(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_DIRS = [one for one in settings.STATICFILES_DIRS if one[0] == "bootstrap"]
    settings.INSTALLED_APPS = [
        app for app in settings.INSTALLED_APPS if app in {"matching", "django.contrib.staticfiles"}
    ]
    settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())
    server = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    for name in ("matching/portal.css", "matching/network.js", "bootstrap/css/bootstrap.min.css"):
        address = static(name)
        answer = server(RequestFactory().get(address, headers=COMPRESSED))
        assert address != f"/static/{name}"
        assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
        assert answer["Content-Encoding"] == "gzip"
