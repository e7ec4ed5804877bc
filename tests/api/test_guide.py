"""Every command of the guide works against a live server, and both languages have the same commands."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from accounts.scopes import OF_APPLICATIONS
from matching.lists.models import SupplyLine
from matching.overview.portal.public import EXAMPLE_SITE
from tests import factories
from tests.api.parallel import client_with, token_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
ENGLISH, CHINESE = ((DOCS / name).read_text("utf-8") for name in ("api.md", "api.zh-CN.md"))


def _shape(text: str) -> list[str]:
    """What a translation leaves as it is: levels of headings, rows of tables, points, blocks of code."""
    marks = re.compile(r"^(#+|\||- |\d\. |```\w*)", re.MULTILINE)
    return marks.findall(text)


def test_both_languages_have_the_same_commands_and_the_same_parts() -> None:
    assert COMMANDS.findall(CHINESE) == COMMANDS.findall(ENGLISH)
    assert _shape(CHINESE) == _shape(ENGLISH)


def _ran(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as a shell runs it; an answer of 400 and above is a failure."""
    (folder / ".curlrc").write_text("silent\nshow-error\nfail-with-body\n")
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "CURL_HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def environment(transactional_db: None, live_server: Any) -> dict[str, str]:
    """What the commands expect: a member firm's token, and an application of that firm."""
    factories.make_chain("photovoltaic")
    token = token_of(factories.make_user(Role.MEMBER_FIRM))
    asked = {"name": "ERP", "scopes": [scope.value for scope in OF_APPLICATIONS][:2]}
    made = client_with(token).post("/api/v1/applications/", asked, content_type="application/json")
    assert made.status_code == 201, made.content
    told = made.json()
    return {"TOKEN": token, "CLIENT_ID": told["client_id"], "CLIENT_SECRET": told["client_secret"]}


def test_every_command_works(environment: dict[str, str], live_server: Any, tmp_path: Path) -> None:
    faults = {}
    for command in COMMANDS.findall(ENGLISH):
        ran = _ran(command.replace(EXAMPLE_SITE, live_server.url), tmp_path, **environment)
        if ran.returncode:
            faults[command] = f"{ran.stdout}{ran.stderr}"
    assert faults == {}
    lines = [(line.key, f"{line.free_capacity:.0f}") for line in SupplyLine.objects.order_by("key")]
    assert lines == [("S0001", "250000"), ("S0003", "120")]
    assert (tmp_path / "agreements.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_command_that_the_service_refuses_is_found(
    environment: dict[str, str], live_server: Any, tmp_path: Path
) -> None:
    command = COMMANDS.findall(ENGLISH)[0].replace(EXAMPLE_SITE, live_server.url)
    assert _ran(command, tmp_path, **environment).returncode == 0
    assert _ran(command, tmp_path, **{**environment, "TOKEN": "cm_pat_wrong"}).returncode != 0
    assert _ran(command.replace("/me/", "/nowhere/"), tmp_path, **environment).returncode != 0


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("en", "The API"), ("zh-hans", "接口对接指南")])
def test_an_installation_shows_the_guide_with_its_own_address(language: str, title: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse("api_guide")).content.decode()
    assert f"<h1>{title}" in page
    assert (EXAMPLE_SITE in page, f"{settings.SITE_URL}/api/v1/me/" in page) == (False, True)
    docs = Client().get(reverse("api_docs")).content.decode()
    assert f'href="{reverse("api_guide")}"' in docs


@pytest.mark.django_db
def test_the_page_of_tokens_leads_to_the_guide() -> None:
    client = Client()
    client.force_login(factories.make_user(Role.MEMBER_FIRM))
    assert f'href="{reverse("api_guide")}"' in client.get(reverse("api_access")).content.decode()
