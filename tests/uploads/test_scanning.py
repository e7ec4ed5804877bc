"""The operator's scanner sees every file before it is stored, and its refusal is told."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from rest_framework.test import APIClient

from matching.lists.models import Attachment
from matching.uploads.models import Upload
from tests import factories, world

pytestmark = pytest.mark.django_db
HARMFUL = b"X5O!P%@AP"
SCANNER = """
import sys
content = sys.stdin.buffer.read()
open(sys.argv[1], "ab").write(content)
sys.exit(content.startswith(b"X5O!"))
"""
DOORS = ("attachment by API", "attachment by page", "list by API", "list by page")


def _scanner(settings: Settings, code: str, *arguments: str) -> None:
    settings.UPLOAD_SCAN_COMMAND = shlex.join([sys.executable, "-c", code, *arguments])


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    """The folder that files are stored in, empty."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


def _send(door: str, content: bytes) -> Any:
    here = world.build()
    demand = factories.make_demand(here.leader, here.chain)
    data = {"file": SimpleUploadedFile("a.pdf" if "attachment" in door else "a.csv", content)}
    if door.endswith("API"):
        client = APIClient(headers={"accept-language": "en"})
        client.force_authenticate(here.leader)
        path = f"demand-lines/{demand.pk}/attachments" if "attachment" in door else "uploads"
        return client.post(f"/api/v1/{path}/", data, format="multipart")
    browser = Client(headers={"accept-language": "en"})
    browser.cookies["django_language"] = "en"
    browser.force_login(here.leader)
    if "attachment" in door:
        return browser.post(reverse("attachment_add", args=[demand.pk]), data)
    return browser.post(reverse("demand_upload"), data)


def _kept(files: Path) -> int:
    """Files and rows that are left of what was sent."""
    stored = sum(path.is_file() for path in files.rglob("*"))
    return stored + Attachment.objects.count() + Upload.objects.count()


@pytest.mark.parametrize("door", DOORS)
def test_what_the_scanner_refuses_is_not_stored(
    door: str, settings: Settings, tmp_path: Path, files: Path
) -> None:
    _scanner(settings, SCANNER, str(tmp_path / "seen"))
    refused = _send(door, HARMFUL)
    assert (tmp_path / "seen").read_bytes() == HARMFUL
    assert refused.status_code == (400 if door.endswith("API") else 422)
    assert "The scanner for harmful content refuses this file. It was not stored." in refused.content.decode()
    assert _kept(files) == 0


@pytest.mark.parametrize("door", DOORS)
def test_what_the_scanner_passes_is_stored_whole(
    door: str, settings: Settings, tmp_path: Path, files: Path
) -> None:
    _scanner(settings, SCANNER, str(tmp_path / "seen"))
    content = "条目编号,名称".encode()
    assert _send(door, content).status_code in (201, 303)
    [stored] = [path for path in files.rglob("*") if path.is_file()]
    with default_storage.open(str(stored.relative_to(files))) as file:
        assert file.read() == (tmp_path / "seen").read_bytes() == content
    assert content not in stored.read_bytes()


@pytest.mark.parametrize("code", ["import sys; sys.exit(2)", "while True: pass"])
@pytest.mark.parametrize("door", DOORS)
def test_a_scanner_that_gives_no_judgement_lets_nothing_in(
    door: str, code: str, settings: Settings, files: Path
) -> None:
    settings.UPLOAD_SCAN_SECONDS = 0.2
    _scanner(settings, code)
    answer = _send(door, b"%PDF")
    assert answer.status_code == 409
    assert "Please try again later." in answer.content.decode()
    assert _kept(files) == 0


def test_without_a_scanner_the_harmful_file_is_stored(files: Path) -> None:
    assert _send("attachment by API", HARMFUL).status_code == 201
    assert _kept(files) == 2


def test_every_column_of_files_is_one_that_is_scanned() -> None:
    held = {
        model._meta.label
        for app in ("accounts", "matching")
        for model in apps.get_app_config(app).get_models()
        if any(isinstance(field, models.FileField) for field in model._meta.concrete_fields)
    }
    handed_in = {"AgreementAttachment", "Attachment", "LetterTemplate", "Upload"}
    made_here = {"PaperPack"}
    assert held == {f"matching.{name}" for name in handed_in | made_here}
