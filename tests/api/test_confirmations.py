"""The memory as integrators of an office read and feed it, and as firms never see it."""

from __future__ import annotations

from typing import Any

from matching.lists.models import SupplyLine
from matching.memory.models import Confirmation
from matching.memory.queries import aliases_of
from tests.api.matrix import FIRMS, TABLE
from tests.api.story import API, Story

SECRET = "只有一家链主企业这样称呼的部件"


def _post(story: Story, part: str, path: str, body: Any) -> Any:
    return story.client(part).post(f"{API}/confirmations/{path}", body)


def _row(story: Story, **values: str) -> dict[str, str]:
    names = story.names
    return {"text": "太阳能薄片", "uscc": names["supply_uscc"], "line": names["supply_key"], **values}


def test_what_an_acceptance_left_is_told_with_who_and_when(story: Story) -> None:
    known = Confirmation.objects.get()
    [row] = story.client("department").get(f"{API}/confirmations/").json()["results"]
    assert row["text"] == known.text
    assert (row["source"], row["state"], row["asleep"]) == ("review", "standing", None)
    assert (row["confirmed_by"], row["confirmed_on"]) == (
        str(known.confirmed_by),
        known.confirmed_on.isoformat(),
    )
    assert known.demand is not None
    assert row["demand"]["firm"]["name"] == known.demand.organisation.name
    assert row["supply"]["key"] == known.supply.key
    assert row["actions"] == []
    SupplyLine.objects.filter(pk=known.supply_id).update(title="别的产品")
    row = story.client("office").get(f"{API}/confirmations/{known.pk}/").json()
    assert (row["asleep"], row["actions"]) == ("product", ["revoke"])


def test_told_revoked_and_told_anew(story: Story) -> None:
    told = _post(story, "office", "", _row(story))
    assert told.status_code == 201
    assert _post(story, "office", "", _row(story)).json()["errors"][0]["code"] == "remembered_already"
    path = f"{told.json()['id']}/revoke/"
    assert _post(story, "office", path, {}).json()["errors"][0]["field"] == "reason"
    revoked = _post(story, "office", path, {"reason": "不是同一产品"}).json()
    assert (revoked["state"], revoked["ended_reason"], revoked["actions"]) == ("revoked", "不是同一产品", [])
    assert _post(story, "office", path, {"reason": "再来"}).status_code == 409
    brought = _post(story, "office", "import/", {"rows": [_row(story)]}).json()
    assert (brought["revoked"], brought["remembered"]) == (1, 0)
    assert _post(story, "office", "", _row(story)).status_code == 201


def test_each_row_of_an_import_is_answered(story: Story) -> None:
    rows = [_row(story), _row(story, line="absent"), _row(story, confirmed_on="昨天"), _row(story)]
    trial = _post(story, "office", "import/", {"rows": rows, "dry_run": True}).json()
    assert Confirmation.objects.filter(source="office").count() == 0
    done = _post(story, "office", "import/", {"rows": rows}).json()
    assert trial == done
    assert [(one["result"], one["field"]) for one in done["results"]] == [
        ("remembered", ""),
        ("refused", "line"),
        ("refused", "confirmed_on"),
        ("known", ""),
    ]
    counts = [done[name] for name in ("remembered", "known", "revoked", "refused")]
    assert counts == [1, 1, 0, 2]


def test_filters(story: Story) -> None:
    _post(story, "office", "", _row(story))
    client = story.client("office")

    def texts(query: str) -> list[str]:
        answer = client.get(f"{API}/confirmations/?{query}").json()
        return [row["text"] for row in answer["results"]]

    assert len(texts("")) == 2
    assert texts("source=office") == texts("text=薄片") == ["太阳能薄片"]
    assert texts("chain=nev") == texts("state=revoked") == []
    known = Confirmation.objects.get(source="review")
    assert texts(f"supply={known.supply_id}") == texts(f"demand={known.demand_id}") == [known.text]


def test_no_firm_reads_the_words_anywhere(story: Story) -> None:
    Confirmation.objects.update(text=SECRET)
    assert SECRET in next(iter(aliases_of(story.world.chain.pk, "product").values()))
    read = {
        operation.path: b"".join(story.client(part).get(API + operation.path.format(**story.names)))
        for operation in TABLE
        for part in FIRMS
        if operation.method == "GET" and operation.status(part) == 200 and "file" not in operation.path
    }
    assert "/my-matches/" in read
    assert [path for path, body in read.items() if SECRET.encode() in body] == []
