"""Bulk requests of lines: every row told, bad rows lose no good ones, all or nothing where asked."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.lists.api import ndjson
from matching.lists.models import DemandLine, LineEvent, SupplyLine
from matching.lists.services import bulk, content
from tests import factories
from tests.api.matrix import DEMAND, NDJSON
from tests.api.story import API, Story

ADDRESS = f"{API}/demand-lines/bulk/"
Rows = list[dict[str, Any]]


def _row(key: str, **values: Any) -> dict[str, Any]:
    return {**DEMAND, "key": key, **values}


def _body(*rows: Any) -> bytes:
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


def _post(story: Story, body: bytes, query: str = "", part: str = "leader", address: str = ADDRESS) -> Any:
    return story.client(part).post(address + query, body, content_type=NDJSON)


def _told(response: Any) -> tuple[Rows, dict[str, int]]:
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == NDJSON
    rows = [json.loads(line) for line in b"".join(response).splitlines()]
    return rows[:-1], rows[-1]["summary"]


def _statuses(rows: Rows) -> list[tuple[int, str | None, str]]:
    return [(row["row"], row["key"], row["status"]) for row in rows]


def _faults(row: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(error["field"], error["code"]) for error in row["errors"]]


def test_each_row_is_told_and_a_bad_one_loses_no_other(story: Story) -> None:
    strange = (
        b'{"key": "B3", ',
        b"[]",
        b"\xff\xfe",
        b'{"key": "B6", "title": "\\u0000"}',
        b"[" * 5000,
        b'{"quantity": NaN}',
    )
    wrong = _row("B9", quantity="-1", node="nowhere", requirements=[{"parameter": "x", "low": "thick"}])
    unanswerable = _row("B10", requirements=[{"parameter": "x", "operator": "at_least"}])
    rows, summary = _told(
        _post(
            story,
            _body(_row("B1"), b"", *strange, wrong, unanswerable, _row("B1"), {"key": "B12"}, _row("B13")),
        )
    )
    assert [row["row"] for row in rows] == [1, *range(3, 14)]
    assert [(row["row"], row["key"]) for row in rows if row["status"] == "created"] == [
        (1, "B1"),
        (13, "B13"),
    ]
    told = {row["row"]: _faults(row) for row in rows if row["status"] == "refused"}
    assert told.pop(9) == [("quantity", "min_value"), ("requirements.0.low", "invalid_number")]
    assert told.pop(10) == [("requirements.0.low", "required")]
    assert told.pop(11) == [("key", "duplicate")]
    assert told.pop(12) == [("chain", "required"), ("title", "required")]
    assert told.pop(4) == [(None, "not_a_dict")]
    assert {tuple(faults) for faults in told.values()} == {((None, "parse_error"),)}
    assert summary == {
        **{"rows": 12, "created": 2, "changed": 0, "unchanged": 0, "refused": 10, "submitted": 0},
    }
    stored = DemandLine.objects.filter(key__startswith="B")
    assert {(line.key, str(line.pk)) for line in stored} == {
        (row["key"], row["id"]) for row in rows if row["id"] is not None
    }


def test_the_same_request_again_changes_nothing(story: Story) -> None:
    body = _body(
        *(_row(f"B{number}", requirements=[{"parameter": "x", "text": "3mm"}]) for number in range(5))
    )
    first, _ = _told(_post(story, body))
    events, held = LineEvent.objects.count(), _stored()
    again, summary = _told(_post(story, body))
    assert [row["id"] for row in again] == [row["id"] for row in first]
    assert (summary["unchanged"], summary["rows"]) == (5, 5)
    assert (LineEvent.objects.count(), _stored()) == (events, held)
    changed, _ = _told(_post(story, _body(_row("B0"), _row("B1", quantity="6"), _row("B9"))))
    assert _statuses(changed) == [(1, "B0", "changed"), (2, "B1", "changed"), (3, "B9", "created")]


def _stored() -> list[Any]:
    return list(DemandLine.objects.order_by("pk").values_list("pk", "state", "fingerprint", "updated_at"))


def test_all_or_nothing_stores_nothing_and_tells_every_row(story: Story) -> None:
    before = _stored()
    rows = (_row("B1"), _row("B2", quantity="lots"), b"{", _row("B4", node="nowhere"))
    response = _post(story, _body(*rows), "?mode=all")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [
        ("rows.2.quantity", "invalid_number"),
        ("rows.3", "parse_error"),
        ("rows.4.node", "does_not_exist"),
    ]
    assert _stored() == before
    assert _told(_post(story, _body(*rows)))[1]["created"] == 1
    told, _summary = _told(_post(story, _body(_row("B1"), _row("B2")), "?mode=all"))
    assert _statuses(told) == [(1, "B1", "unchanged"), (2, "B2", "created")]


def test_a_partial_row_keeps_what_it_does_not_name(story: Story) -> None:
    full = _row("B1", price_ceiling="12.5", requirements=[{"parameter": "x", "text": "3mm"}])
    _told(_post(story, _body(full)))
    named = {"key": "B1", "chain": full["chain"], "quantity": "7"}
    told, _ = _told(_post(story, _body(named, {"key": "B2", "chain": full["chain"]}), "?partial=true"))
    assert _statuses(told)[0] == (1, "B1", "changed")
    assert (told[1]["status"], _faults(told[1])) == ("refused", [("title", "blank")])
    line = DemandLine.objects.get(key="B1")
    assert (line.title, str(line.quantity), str(line.price_ceiling)) == (full["title"], "7.0000", "12.5000")
    assert line.requirements.count() == 1
    _told(_post(story, _body({**named, "title": "新"})))
    line.refresh_from_db()
    assert (line.price_ceiling, line.requirements.count()) == (None, 0)


def test_rows_are_handed_in_where_asked_and_gaps_are_told(story: Story) -> None:
    rows, summary = _told(_post(story, _body(_row("B1"), _row("B2", quantity=None)), "?submit=true"))
    assert [(row["status"], row["state"]) for row in rows] == [("created", "submitted"), ("created", "draft")]
    assert (_faults(rows[0]), _faults(rows[1])) == ([], [("quantity", "required")])
    assert summary["submitted"] == 1


def test_a_withdrawn_line_comes_back_under_its_identity(story: Story) -> None:
    line = SupplyLine.objects.get(pk=story.names["withdrawn_supply"])
    row = {"key": line.key, "chain": line.chain_id, "title": line.title}
    address = f"{API}/supply-lines/bulk/"
    rows, _ = _told(_post(story, _body(row), "?partial=true", "member", address))
    assert (rows[0]["id"], rows[0]["status"], rows[0]["state"]) == (str(line.pk), "changed", "draft")


def test_what_is_asked_wrongly_is_refused_whole(story: Story) -> None:
    client = story.client("leader")
    other = factories.firm_of(story.people["other_leader"])  # type: ignore[arg-type]
    assert client.post(ADDRESS, [DEMAND]).status_code == 415
    assert client.post(ADDRESS, b"", content_type="").status_code == 415
    squeezed = client.post(ADDRESS, b"", content_type=NDJSON, headers={"content-encoding": "gzip"})
    assert (squeezed.status_code, squeezed.json()["detail"]) == (
        415,
        f"Send the rows as {NDJSON}, not compressed.",
    )
    for query, field in (
        ("?mode=some", "mode"),
        ("?organisation=x", "organisation"),
        (f"?organisation={other.pk}", "organisation"),
        ("?colour=red", "colour"),
    ):
        problem = _post(story, b"", query).json()
        assert [error["field"] for error in problem["errors"]] == [field]
    assert _post(story, _body(_row("B1")), part="member").status_code == 403
    assert _told(_post(story, b"\n\n"))[1]["rows"] == 0


def test_limits_are_told(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _stored()
    rows, _ = _told(_post(story, _body(_row("B1", description="x" * ndjson.MAX_ROW_BYTES), _row("B2"))))
    assert [(row["row"], row["status"]) for row in rows] == [(1, "refused"), (2, "created")]
    assert _faults(rows[0]) == [(None, "too_large")]
    monkeypatch.setattr("matching.lists.api.bulk.MAX_LINES", 2)
    many = _post(story, _body(*(_row(f"C{number}") for number in range(3))))
    assert (many.status_code, many.json()["errors"][0]["code"]) == (400, "too_many_rows")
    monkeypatch.setattr(ndjson, "MAX_BYTES", 100)
    large = _post(story, _body(_row("C1")))
    assert (large.status_code, large.json()["errors"][0]["code"]) == (400, "too_large")
    assert len(_stored()) == len(before) + 1


def test_a_body_in_chunks_is_never_taken_for_an_empty_one(story: Story) -> None:
    client = story.client("leader")
    options: dict[str, Any] = {"content_type": NDJSON, "HTTP_TRANSFER_ENCODING": "chunked"}
    refused = client.post(ADDRESS, _body(_row("B1")), **options)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (411, "length_required")
    server: Any = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(_body(_row("B1")))}
    assert _told(client.post(ADDRESS, **options, **server))[1]["created"] == 1


def test_a_crash_between_batches_leaves_nothing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    before, written = _stored(), iter(range(10))
    replace = content.replace_rows

    def crash(*options: Any) -> None:
        if next(written) == 1:
            raise SystemExit
        replace(*options)

    monkeypatch.setattr(bulk, "replace_rows", crash)
    with pytest.raises(SystemExit):
        _post(story, _body(*(_row(f"B{number}") for number in range(bulk.BATCH + 1))))
    assert _stored() == before


def test_a_patched_row_without_its_parameter_is_told(story: Story) -> None:
    address = f"{API}/demand-lines/{story.names['verified_demand']}/"
    response = story.client("leader").patch(address, {"requirements": [{"text": "≥5"}]})
    assert (response.status_code, _faults(response.json())) == (
        400,
        [("requirements.0.parameter", "required")],
    )


@pytest.mark.parametrize(
    "other",
    [
        {"title": "另一种"},
        {"quantity": "6.5"},
        {"unit": "kg"},
        {"price_ceiling": "1"},
        {"standards": ["GB/T 1"]},
        {"node": None},
        {"deliver_until": "2030-01-01"},
        {"confidential": True},
        {"contact_phone": "1"},
        {"requirements": [{"parameter": "x", "text": "4mm"}]},
        {"valid_until": "2099-01-01"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_repeat_is_compared_without_its_line_and_any_difference_is_seen(
    story: Story, other: dict[str, Any]
) -> None:
    full = _row("B1", requirements=[{"parameter": "x", "text": "3mm"}], price_ceiling="12.50")
    _told(_post(story, _body(full)))
    with CaptureQueriesContext(connection) as queries:
        again, _ = _told(_post(story, _body({**full, "price_ceiling": "12.5"})))
    assert _statuses(again) == [(1, "B1", "unchanged")]
    assert not [query for query in queries if 'FROM "matching_requirement"' in query["sql"]]
    changed, _ = _told(_post(story, _body({**full, **other})))
    assert _statuses(changed) == [(1, "B1", "changed")]
