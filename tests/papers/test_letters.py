"""Letters of intent: what a template may be, and what firms get of their own."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.roles import Role
from matching.disclosure.models import Disclosure
from matching.documents import word
from matching.documents.letters import NAMES, Placeholder, TemplateRefused, Trouble, as_blocks, check, fill
from matching.documents.paper import Paper, Table, Text, Title, columns, row
from matching.errors import Forbidden, Invalid
from matching.meetings.models import SigningMeeting
from matching.papers.models import LetterTemplate
from matching.papers.queries import Letterhead, own_facts
from matching.papers.queries.letters import built_in
from matching.papers.services import drop_template, keep_template, own_paper
from tests import factories, world
from tests.papers.packs import files, made


def letter(*lines: str) -> bytes:
    """A template with these paragraphs."""
    return word.write(Paper(title="意向书", blocks=tuple(Text(line) for line in lines)))


def changed(content: bytes, name: str, body: bytes) -> bytes:
    """A package with a part more, or another one in its place."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for each in before.namelist():
            if each != name:
                after.writestr(each, before.read(each))
        after.writestr(name, body)
    return out.getvalue()


def trouble(content: bytes) -> Trouble | None:
    """Why a template is refused; None where it is taken."""
    try:
        check(content)
    except TemplateRefused as refused:
        return refused.trouble
    return None


def test_every_placeholder_is_filled_in_by_both_its_names() -> None:
    told = {each: f"值{number}" for number, each in enumerate(Placeholder)}
    for names in ([each.value for each in Placeholder], list(NAMES.values())):
        template = letter(*(f"{{{{ {name} }}}}" for name in names))
        check(template)
        filled = docx.Document(BytesIO(fill(template, told)))
        assert [each.text for each in filled.paragraphs][-len(told) :] == list(told.values())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{{ 价格 }}", Trouble.UNKNOWN),
        ("{{ self }}", Trouble.UNKNOWN),
        ("{% for n in range(9) %}{% endfor %}", Trouble.TOO_CLEVER),
        ("{{ 需求方.__class__ }}", Trouble.TOO_CLEVER),
        ("{{ '长' * 1000000000 }}", Trouble.TOO_CLEVER),
        ("{{ 需求方|upper }}", Trouble.TOO_CLEVER),
        ("{{ cycler() }}", Trouble.TOO_CLEVER),
        ("{% include 'x' %}", Trouble.TOO_CLEVER),
        ("{{ 需求方", Trouble.NOT_READ),
        ("{% if 数量 %}每月{{ 数量 }}{% endif %}", None),
    ],
)
def test_a_template_may_name_values_and_nothing_else(line: str, why: Trouble | None) -> None:
    assert trouble(letter(line)) == why


def hostile() -> Iterator[tuple[bytes, Trouble]]:
    """Files that are no templates."""
    good = letter("{{ 需求方 }}")
    yield b"", Trouble.NO_DOCUMENT
    yield b"PK\x03\x04 and then nothing", Trouble.NO_DOCUMENT
    yield changed(good, "word/document.xml", b"<w:document"), Trouble.NO_DOCUMENT
    entity = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"
    yield changed(good, "word/document.xml", entity), Trouble.NO_DOCUMENT
    yield changed(good, "word/vbaProject.bin", b"\0"), Trouble.MACROS
    yield changed(good, "word/embeddings/sheet.xlsx", b"\0"), Trouble.EMBEDDED
    outside = (
        b'<Relationships><Relationship Type="x/attachedTemplate" Target="http://x" TargetMode="External"/>'
    )
    yield changed(good, "word/_rels/settings.xml.rels", outside), Trouble.OUTSIDE
    yield changed(good, "word/media/a.bin", b"\0" * (21 * 2**20)), Trouble.TOO_LARGE


@pytest.mark.parametrize(("content", "why"), list(hostile()))
def test_hostile_files_are_refused_with_a_reason(content: bytes, why: Trouble) -> None:
    assert trouble(content) == why


def test_what_a_firm_is_called_is_never_read_as_a_template() -> None:
    filled = fill(letter("{{ 需求方 }}"), {Placeholder.BUYER: "{{ 供应方 }}<w:p/>&"})
    assert docx.Document(BytesIO(filled)).paragraphs[-1].text == "{{ 供应方 }}<w:p/>&"


def test_text_and_tables_of_a_letter_go_into_the_pdf() -> None:
    table = Table(columns(("项目", 1), ("内容", 1)), (row("产品", "{{ 需求产品 }}"),))
    template = word.write(Paper(title="意向书", blocks=(Text("甲方"), table)))
    found = as_blocks(fill(template, {Placeholder.WANTED: "硅片"}))
    assert [type(block) for block in found] == [Title, Text, Table]
    assert isinstance(found[-1], Table)
    assert found[-1].rows == (("产品", "硅片"),)


@pytest.mark.django_db
def test_the_built_in_letter_is_a_template() -> None:
    assert trouble(built_in()) is None


def upload(content: bytes, name: str = "意向书.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_office_takes_a_letter_of_its_own_and_goes_back(
    here: world.World, meeting: SigningMeeting
) -> None:
    keep_template(actor=here.office, chain=here.chain, upload=upload(letter("专用条款：{{ 需求方 }}")))
    signed = [body for name, body in files(made(here, meeting)).items() if name.startswith("3 ")]
    assert "专用条款" in docx.Document(BytesIO(signed[0])).paragraphs[-1].text
    with pytest.raises(Invalid) as refused:
        keep_template(actor=here.office, chain=here.chain, upload=upload(letter("{{ 底价 }}")))
    assert "底价" in refused.value.message
    drop_template(actor=here.department, chain=here.chain.pk)
    assert not LetterTemplate.objects.exists()
    with pytest.raises(Forbidden):
        keep_template(actor=here.leader, chain=here.chain, upload=upload(letter("x")))


def test_a_firm_gets_its_own_papers_and_no_others(here: world.World, meeting: SigningMeeting) -> None:
    agenda = own_paper(user=here.member, meeting=meeting, wanted="agenda.pdf")
    assert agenda is not None
    told = "".join(page.extract_text() for page in PdfReader(BytesIO(agenda)).pages)
    assert factories.firm_of(here.leader).name in told
    archive = own_paper(user=here.leader, meeting=meeting, wanted="letters.zip")
    assert archive is not None
    assert len(zipfile.ZipFile(BytesIO(archive)).namelist()) == 3
    stranger = factories.make_user(Role.MEMBER_FIRM)
    assert own_paper(user=stranger, meeting=meeting, wanted="agenda.pdf") is None
    assert own_paper(user=here.member, meeting=meeting, wanted="../etc") is None


def test_a_firms_paper_reads_no_appointment_of_others(here: world.World, meeting: SigningMeeting) -> None:
    head = Letterhead("", "", "", timezone.localdate())
    own = own_facts(here.member, meeting, head)
    assert {seat.seller.firm for seat in own.seats} == {factories.firm_of(here.member).pk}
    assert own_facts(here.office, meeting, head).seats == []


def test_what_an_office_fetches_stands_in_the_firms_log(
    here: world.World, meeting: SigningMeeting, client: Client
) -> None:
    pack = made(here, meeting)
    client.force_login(here.department)
    assert client.get(f"/papers/{pack.pk}/archive/").status_code == 200
    seen = Disclosure.objects.filter(reader=here.department, via="download")
    firms = {factories.firm_of(person).pk for person in (here.leader, here.member)}
    assert set(seen.values_list("organisation", flat=True)) == firms
    of_lines = seen.filter(object_id__isnull=False).values_list("parts", flat=True)
    assert {"contacts" in parts for parts in of_lines} == {True}
