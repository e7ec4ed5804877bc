"""Papers of a meeting in the browser: ordered, made, fetched; a firm's own; a letter with a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from matching.documents import word
from matching.documents.paper import Paper, Text
from matching.papers.models import PaperPack
from matching.papers.services import make
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.papers.packs import meeting_of

ZIP, PDF = b"PK\x03\x04", b"%PDF-"


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _fetched(page: Page, link: str) -> tuple[str, bytes]:
    """The name of a file that a link gives, and how it begins."""
    with page.expect_download() as waiting:
        page.locator(link).first.click()
    found = waiting.value
    return found.suggested_filename, Path(found.path()).read_bytes()[:5]


def test_the_papers_of_a_meeting(arrive: Arrive) -> None:
    here = world.build()
    meeting = meeting_of(here)
    office, member = arrive(here.office), arrive(here.member)
    office.open(f"/meetings/{meeting.pk}/")
    office.page.click(f"a[href='/meetings/{meeting.pk}/papers/']")
    office.page.fill("#id_issuer", "示例省光伏产业链链长办公室")
    office.page.click("main form button[type=submit]")
    office.sees_state("ordered")
    make(pack_id=PaperPack.objects.get().pk)
    office.page.reload()
    name, begins = _fetched(office.page, "main li a:text('.docx')")
    assert (name.rpartition(".")[2], begins[:4]) == ("docx", ZIP)
    name, begins = _fetched(office.page, "main li a:text('.pdf')")
    assert (name.rpartition(".")[2], begins) == ("pdf", PDF)

    member.open(f"/meetings/{meeting.pk}/papers/")
    name, begins = _fetched(member.page, "a[href$='wanted=agenda.pdf']")
    assert (name, begins) == (f"企业日程-{meeting.date:%Y-%m-%d}.pdf", PDF)
    assert office.page.locator("a[href*='wanted=']").count() == 0


def test_a_letter_with_a_fault_is_refused_and_a_sound_one_taken(arrive: Arrive) -> None:
    here = world.build()
    factories.make_rule(here.chain)
    office = arrive(here.office)
    office.open(f"/papers/letters/{here.chain.pk}/")
    for placeholder, said in (("{{ 需求主体 }}", "需求主体"), ("{{ 需求方 }}", "{{ 需求方 }}")):
        letter = word.write(Paper(title="意向书", blocks=(Text(f"甲方：{placeholder}"),)))
        office.page.set_input_files(
            "#id_file",
            {"name": "意向书.docx", "mimeType": "application/octet-stream", "buffer": letter},
        )
        office.page.click("main form[enctype] button[type=submit]")
        office.sees(said)
        refused = placeholder != said
        assert office.page.locator("main .invalid-feedback").count() == refused
    office.sees("意向书.docx")
    office.noise.clear()
