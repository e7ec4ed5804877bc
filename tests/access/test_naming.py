"""Wherever a request names an object, a foreign one answers as an absent one (RELIABILITY 18).

Ids in addresses are asked for in the matrices' tests; here are filters, bodies, rows in bodies, ids in bulk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from matching.http import views
from matching.lists.models import DemandLine
from tests.access.naming import ABSENT, ASKED_FOR, TEXTS, Place, foreign, places, sound
from tests.api.matrix import FILES, NDJSON, ROWS
from tests.api.story import API, Story
from tests.api.test_matrix import filled
from tests.disclosure.rivals import same_for_all
from tests.house.rows import Rows, changed, snapshot, undone
from tests.torture import FULL

pytestmark = pytest.mark.django_db
ASKERS = ("other_leader", "other_member", "other_office", "leader", "member", "office", "auditor")
Told = tuple[int, str, dict[str, list[str]]]


def _askers(place: Place) -> list[str]:
    """Who gets as far as the names in a request."""
    opened = [part for part in ASKERS if place.operation.status(part) not in (401, 403, 404)]
    return opened if FULL else opened[:1]


def _asked(story: Story, place: Place, part: str, value: str, before: Rows) -> Told:
    """Status, body and what has changed, without what differs at each asking and without the id itself."""
    operation, names = place.operation, story.names
    address = API + operation.path.format(**names)
    body = filled(sound(operation), names)
    options: dict[str, Any] = {}
    if place.query:
        address += f"?{place.path[0]}={value}"
    else:
        body = place.filled(body, value)
    if operation.method != "GET":
        options = _written(operation.body, body)
    with undone():
        response = getattr(story.client(part), operation.method.lower())(address, **options)
        text = b"".join(response) if response.streaming else response.content
        after = {} if operation.method == "GET" else changed(before)
    return response.status_code, same_for_all(text.decode(errors="replace").replace(value, "ASKED")), after


def _written(declared: Any, body: Any) -> dict[str, Any]:
    if declared and ROWS in declared:
        return {"data": json.dumps(body), "content_type": NDJSON}
    if declared and declared.get("file") in FILES:
        return {
            "data": body | {"file": SimpleUploadedFile(*FILES[declared["file"]])},
            "format": "multipart",
        }
    return {"data": body}


def _pairs(story: Story, place: Place, part: str) -> list[tuple[str, str]]:
    """A foreign object's name and an absent one's."""
    if place.name in TEXTS:
        known = {"uscc": story.names["supply_uscc"], "line": story.names["supply_key"]}
        return [(known[place.name], TEXTS[place.name])]
    person = story.people[part]
    assert person is not None
    return [(one, ABSENT) for one in foreign(person, place.name, full=FULL)]


def told_apart(story: Story, asked: Iterable[Place]) -> dict[str, list[Told]]:
    """Places at which a foreign name and an absent one give different answers, or change different rows."""
    found, before = {}, snapshot()
    for place in asked:
        for part in _askers(place):
            for theirs, nobodys in _pairs(story, place, part):
                answers = [_asked(story, place, part, one, before) for one in (theirs, nobodys)]
                if answers[0] != answers[1]:
                    found[f"{place.operation.method} {place.operation.path} {place.path} {part}"] = answers
    return found


def test_every_place_that_names_an_object_is_known() -> None:
    names = {place.name for place in places()}
    assert {*ASKED_FOR, *TEXTS} <= names
    assert len(list(places())) > 50


def test_a_foreign_object_is_like_none(story: Story) -> None:
    assert told_apart(story, places()) == {}


def test_a_bulk_answer_that_knows_a_foreign_line_is_found(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = views._one

    def telling(item: Any, visible: Any, act: Any) -> Any:
        found = honest(item, visible, act)
        if item not in visible and DemandLine.objects.filter(pk=item).exists():
            found["problem"]["code"] = "not_yours"
        return found

    monkeypatch.setattr(views, "_one", telling)
    asked = [place for place in places() if place.operation.path == "/demand-lines/act/"]
    assert [key.split()[1] for key in told_apart(story, asked)] == ["/demand-lines/act/"]


def test_a_foreign_line_that_changes_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = views.in_bulk

    def reaching(ids: Any, visible: Any, act: Any) -> Any:
        DemandLine.objects.filter(pk__in=ids).update(title="mine")
        return honest(ids, visible, act)

    monkeypatch.setattr("matching.lists.api.acting.in_bulk", reaching)
    asked = [place for place in places() if place.operation.path == "/demand-lines/act/"]
    (answers,) = told_apart(story, asked).values()
    assert answers[0][2].keys() == {"matching_demandline"}
    assert answers[1][2] == {}
