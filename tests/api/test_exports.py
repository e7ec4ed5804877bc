"""Lists, gaps and agreements as files: formula-safe CSV, JSON, Open Contracting releases."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from matching.kinds import Label
from matching.lists.models import DemandLine, SupplyLine
from matching.review.models import Review
from matching.runs.models import Gap
from matching.sheets.plain import write_csv, write_json
from matching.sheets.types import CellType, Column
from tests.api.story import API, Story

SCHEMAS = Path(__file__).resolve().parents[1] / "ocds"
COLUMNS = (
    Column("word", Label("词", "word")),
    Column("number", Label("数", "number"), CellType.NUMBER),
)


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text())
    return found


def _faults(package: dict[str, Any]) -> list[str]:
    release = _schema("release-schema.json")
    known: Any = Resource.from_contents(release, default_specification=DRAFT4)
    registry: Any = Registry().with_resource(release["id"], known)
    validator = Draft4Validator(
        _schema("release-package-schema.json"), registry=registry, format_checker=FormatChecker()
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(package)]


def _get(story: Story, part: str, path: str) -> Any:
    response = story.client(part).get(API + path.format(**story.names))
    assert response.status_code == 200, response.content
    return response


def _package(story: Story, part: str, path: str) -> dict[str, Any]:
    package: dict[str, Any] = json.loads(b"".join(_get(story, part, path)))
    assert _faults(package) == []
    return package


def _rows(story: Story, part: str, path: str) -> tuple[list[Any], list[list[str]]]:
    told = json.loads(b"".join(_get(story, part, f"{path}?form=json")))
    response = _get(story, part, f"{path}?form=csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment")
    body = b"".join(response).decode("utf-8-sig")
    return told, list(csv.reader(io.StringIO(body, newline="")))


def test_a_list_is_told_alike_as_json_and_csv(story: Story) -> None:
    told, [head, *rows] = _rows(story, "office", "/matching-lists/{list}/export/")
    assert (len(head), len(rows), len(told)) == (14, len(told), 3)
    assert [row[2] for row in rows] == [row["demand_key"] for row in told]
    assert [Decimal(row[10]) for row in rows] == [Decimal(str(row["score"])) for row in told]


def test_gaps_say_what_the_page_says(story: Story) -> None:
    gap = Gap.objects.get(pk=story.names["gap"])
    gap.evidence_en, gap.demand_title = "=1+1", "-cmd"
    gap.save()
    told, [_head, *rows] = _rows(story, "head", "/runs/{run}/gaps/export/")
    mine = [row for row in rows if row[3] == "'-cmd"]
    assert len(mine) == 1
    assert mine[0][5:] == ["25", "'=1+1"]
    assert [row["evidence"] for row in told if row["demand_title"] == "-cmd"] == ["=1+1"]


@pytest.mark.parametrize("part", ["office", "head", "leader", "member"])
def test_both_parties_and_their_offices_have_the_agreement(story: Story, part: str) -> None:
    pair = Review.objects.select_related("demand", "supply").get(pk=story.names["accepted"])
    told, [_head, *rows] = _rows(story, part, "/accepted-pairs/export/")
    assert [(row["demand_key"], row["supply_key"]) for row in told] == [(pair.demand.key, pair.supply.key)]
    assert len(rows) == 1
    [listed] = _get(story, part, "/accepted-pairs/").json()["results"]
    assert (listed["id"], Decimal(listed["quantity"])) == (str(pair.pk), pair.quantity)
    [release] = _package(story, part, "/agreements/releases/")["releases"]
    assert release["ocid"] == f"ocds-213czf-{pair.demand_id}"
    assert release["tag"] == ["tender", "award"]
    [award] = release["awards"]
    assert award["suppliers"][0]["name"] == pair.supply.organisation.name


def test_strangers_have_no_agreement(story: Story) -> None:
    for part in ("other_leader", "other_member", "city", "other_office", "auditor"):
        told, [_head, *rows] = _rows(story, part, "/agreements/export/")
        assert (told, rows) == ([], [])
        nothing = story.client(part).get(f"{API}/agreements/releases/")
        assert (nothing.status_code, nothing.json()["errors"][0]["code"]) == (409, "nothing_to_release")


def test_a_published_list_is_a_package_of_tenders(story: Story) -> None:
    package = _package(story, "department", "/matching-lists/{list}/releases/")
    [release] = package["releases"]
    pair = Review.objects.select_related("demand").get(pk=story.names["accepted"])
    assert release["tender"]["title"] == pair.demand.title
    assert release["buyer"]["id"].startswith("CN-USCC-")
    assert package["publisher"] == {"name": "ChainMatch"}


def test_no_release_and_no_file_tells_a_secret(story: Story) -> None:
    DemandLine.objects.update(price_ceiling=Decimal("919191.91"), contact_name="秘密联系人")
    SupplyLine.objects.update(
        price_low=Decimal("828282.82"), price_high=Decimal("838383.83"), contact_phone="13900001111"
    )
    canaries = ("919191", "828282", "838383", "13900001111", "秘密联系人")
    paths = (
        *("/matching-lists/{list}/releases/", "/agreements/releases/", "/agreements/"),
        *("/agreements/export/?form=csv", "/matching-lists/{list}/export/?form=csv"),
    )
    for path in paths:
        body = _get(story, "office", path).getvalue().decode()
        assert [canary for canary in canaries if canary in body] == []
    own = story.client("leader").get(f"{API}/demand-lines/{story.names['verified_demand']}/")
    assert "919191" in own.content.decode(), "the canary itself can be seen where it may be"


def test_the_validator_reports_a_broken_release(story: Story) -> None:
    package = _package(story, "office", "/agreements/releases/")
    release = package["releases"][0]
    for name, value in (("ocid", None), ("tag", "tender"), ("date", 5), ("parties", [{"roles": "buyer"}])):
        assert _faults({**package, "releases": [{**release, name: value}]}), name


def test_a_client_that_takes_csv_alone_gets_it_and_problems_as_json(story: Story) -> None:
    address = f"{API}/agreements/export/"
    office = story.client("office")
    assert office.get(f"{address}?form=csv", headers={"accept": "text/csv"}).status_code == 200
    wrong = office.get(f"{address}?form=xml", headers={"accept": "text/csv"})
    assert (wrong.status_code, wrong.headers["Content-Type"]) == (400, "application/problem+json")
    assert wrong.json()["errors"][0]["field"] == "form"


@given(
    word=st.one_of(st.text(), st.from_regex(r"\A[ \t]*[=+\-@＝＋－＠].*\Z")),
    number=st.decimals(allow_nan=False, allow_infinity=False, places=4),
)
def test_no_cell_is_a_formula_and_numbers_stay_numbers(word: str, number: Decimal) -> None:
    plain, told = io.BytesIO(), io.BytesIO()
    rows = [{"word": word, "number": number}]
    write_csv(plain, COLUMNS, rows, "en")
    [_head, [cell, figure]] = csv.reader(io.StringIO(plain.getvalue().decode("utf-8-sig"), newline=""))
    assert cell in (word, f"'{word}")
    assert not cell.strip().startswith(tuple("=+-@＝＋－＠"))
    assert cell[:1] not in ("\t", "\r", "\n")
    assert Decimal(figure) == number
    write_json(told, COLUMNS, rows)
    assert json.loads(told.getvalue(), parse_float=Decimal) == [{"word": word, "number": number}]
