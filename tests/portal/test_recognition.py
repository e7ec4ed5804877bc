"""Requirements recognised in a description: proposed with their source, added only when ticked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.lists.forms import chosen, proposals, segments
from matching.lists.forms.rows import PROPERTIES, REQUIREMENTS
from matching.lists.models import Requirement
from tests.api.story import Story
from tests.portal.conftest import Browser

TEXT = "壁厚3±0.1mm，外观按封样\n最好镀锌层厚度≥65μm，不得有裂纹、气孔"


def test_proposals_show_the_source_and_store_nothing(story: Story, browser: Browser) -> None:
    before = Requirement.objects.count()
    shown = browser("leader").post(
        reverse("recognised", args=["requirements"]), {"description": TEXT, "chain": "photovoltaic"}
    )
    page = shown.content.decode()
    assert [(row.parameter, row.value, row.hard) for row in shown.context["proposals"]] == [
        ("壁厚", "2.9~3.1mm", True),
        ("镀锌层厚度", "≥65μm", False),
        ("裂纹", "无", True),
        ("气孔", "无", True),
    ]
    assert "<mark>壁厚3±0.1mm</mark>" in page
    assert "外观按封样" in page
    assert "<mark>外观" not in page
    assert "checked" not in page
    assert Requirement.objects.count() == before


def test_ticked_rows_are_added_behind_those_there_are(story: Story, browser: Browser) -> None:
    posted = {
        "requirements-TOTAL_FORMS": "3",
        "found-0-parameter": "壁厚",
        "found-0-value": "2.9~3.1mm",
        "found-0-hard": "must",
        "found-1-pick": "1",
        "found-1-parameter": "锌层厚度",
        "found-1-value": "≥65μm",
        "found-1-hard": "wish",
    }
    added = browser("leader").post(reverse("recognised_add", args=["requirements"]), posted)
    (form,) = added.context["chosen"].appended[0].rows
    assert form.prefix == "requirements-3"
    assert form.initial == {"parameter": "锌层厚度", "value": "≥65μm", "hard": "wish"}
    page = added.content.decode()
    assert 'name="requirements-3-value"' in page
    assert 'value="4"' in page
    assert "壁厚" not in page


def test_nothing_ticked_adds_nothing_and_keeps_the_proposals(story: Story, browser: Browser) -> None:
    added = browser("member").post(
        reverse("recognised_add", args=["properties"]), {"properties-TOTAL_FORMS": "2"}
    )
    assert added.context["chosen"].nothing
    page = added.content.decode()
    assert "Tick the rows first." in page
    assert 'id="recognised"' not in page


STATED = "执行GB/T 713-2014，通过ISO 9001认证，交货期30天，厚度3mm"


def _ticked(shown: Any, **held: str) -> dict[str, str]:
    """All proposals of a page, ticked, beside what the form holds already."""
    posted = dict(held)
    for row in shown.context["proposals"]:
        given = {"pick": "1", "parameter": row.parameter, "value": row.value, "place": row.place}
        posted |= {f"found-{row.number}-{name}": value for name, value in given.items()}
    return posted


def test_what_a_demand_has_fields_for_fills_them(story: Story, browser: Browser) -> None:
    client = browser("leader")
    shown = client.post(reverse("recognised", args=["requirements"]), {"description": STATED})
    assert [row.place for row in shown.context["proposals"]] == [
        *("standards", "certificates", "deliver_until", ""),
    ]
    posted = _ticked(shown, **{"requirements-TOTAL_FORMS": "0", "standards": "GB/T 1"})
    added = client.post(reverse("recognised_add", args=["requirements"]), posted)
    found = added.context["chosen"]
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert [(field.name, field.value()) for field in found.fields] == [
        ("standards", "GB/T 1、GB/T 713-2014"),
        ("certificates", "ISO 9001"),
        ("deliver_until", due),
    ]
    assert [row.initial["parameter"] for row in found.appended[0].rows] == ["厚度"]
    assert 'id="id_standards"' in added.content.decode()


def test_what_a_supply_has_fields_for_fills_them(story: Story, browser: Browser) -> None:
    client = browser("member")
    shown = client.post(reverse("recognised", args=["properties"]), {"description": f"{STATED}，供货周期6周"})
    held = {"properties-TOTAL_FORMS": "2", "certificates-TOTAL_FORMS": "1", "certificates-0-name": "CRCC"}
    added = client.post(reverse("recognised_add", args=["properties"]), _ticked(shown, **held))
    found = added.context["chosen"]
    assert [(field.name, field.value()) for field in found.fields] == [
        ("standards", "GB/T 713-2014"),
        ("lead_time", 6),
        ("lead_time_unit", "week"),
    ]
    rows, papers = found.appended
    assert (rows.start, rows.total, papers.start, papers.total) == (2, 3, 1, 2)
    assert papers.rows[0].initial == {"name": "ISO 9001"}


def test_what_is_too_long_is_said(story: Story, browser: Browser) -> None:
    address = reverse("recognised", args=["requirements"])
    long = browser("leader").post(address, {"description": "外观良好" + "，" * 10_000}).content.decode()
    assert "longer than 10000 characters" in long.replace(",", "")
    many = "；".join(f"尺寸{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n}号孔直径{n + 1}mm" for n in range(70))
    shown = browser("leader").post(address, {"description": many})
    assert len(shown.context["proposals"]) == 60
    assert shown.context["further"] > 0
    assert "a line has at most 60 rows" in shown.content.decode()


@pytest.mark.parametrize("name", ["recognised", "recognised_add"])
def test_other_rows_cannot_be_recognised(story: Story, browser: Browser, name: str) -> None:
    assert browser("leader").post(reverse(name, args=["certificates"])).status_code == 404


@pytest.mark.parametrize(
    ("description", "message"),
    [("  ", "Write a description first."), ("详见附件", "Nothing in the description")],
)
def test_nothing_to_propose_is_told(story: Story, browser: Browser, description: str, message: str) -> None:
    shown = browser("leader").post(reverse("recognised", args=["properties"]), {"description": description})
    assert message in shown.content.decode()


@pytest.mark.parametrize(
    ("part", "page", "rows"), [("leader", "demand", "requirements"), ("member", "supply", "properties")]
)
def test_the_forms_offer_it(story: Story, browser: Browser, part: str, page: str, rows: str) -> None:
    shown = browser(part).get(reverse(f"{page}_create")).content.decode()
    assert reverse("recognised", args=[rows]) in shown
    assert 'id="recognised"' in shown


@pytest.mark.django_db
def test_marked_pieces_make_up_the_text() -> None:
    found = proposals(REQUIREMENTS, TEXT, "", timezone.localdate()).rows
    pieces = segments(TEXT, found)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert [piece.text for piece in pieces if not piece.known] == ["，外观按封样\n最好", "，"]


@pytest.mark.parametrize("counted", ["", "x", "-1", "²"])
def test_a_garbled_count_starts_anew(counted: str) -> None:
    posted: dict[str, Any] = {"requirements-TOTAL_FORMS": counted, "found-0-pick": "1"}
    assert chosen(REQUIREMENTS, posted).appended[0].start == 0
    assert chosen(PROPERTIES, posted).appended[0].rows[0].initial["parameter"] == ""
