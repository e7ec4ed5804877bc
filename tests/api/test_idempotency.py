"""A POST that is sent again takes effect once (RELIABILITY 12)."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.roles import OrganisationKind, Role
from matching.http import idempotency
from matching.http.models import KeptAnswer
from matching.http.tasks import forget_answers
from matching.lists.models import Attachment, DemandLine
from tests import factories
from tests.api.matrix import DEMAND
from tests.api.parallel import at_once, client_with, token_of
from tests.api.story import API, Story, client_of
from tests.torture import times

LINES = f"{API}/demand-lines/"


def _sent(client: Any, key: str, body: Any = DEMAND, address: str = LINES, **options: Any) -> Any:
    return client.post(address, body, headers={"idempotency-key": key}, **options)


def _code(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_the_same_request_is_answered_alike_and_takes_effect_once(story: Story) -> None:
    leader = story.client("leader")
    before = DemandLine.objects.count()
    first = _sent(leader, '"order-17"')
    assert first.status_code == 201
    assert "Idempotency-Replayed" not in first.headers
    # Without quotation marks, and with the body's names in another order: the same key and request.
    again = _sent(leader, "order-17", dict(reversed(DEMAND.items())))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    kept = ("Content-Type", "ETag", "Content-Language")
    assert [again.headers[name] for name in kept] == [first.headers[name] for name in kept]
    assert DemandLine.objects.count() == before + 1


def test_a_key_belongs_to_one_request_and_one_person(story: Story) -> None:
    leader = story.client("leader")
    _sent(leader, "order-17")
    other = {**DEMAND, "quantity": "6"}
    assert _code(_sent(leader, "order-17", other)) == (422, "idempotency_key_reused")
    address = f"{API}/demand-lines/{story.names['draft_demand']}/submit/"
    assert _code(_sent(leader, "order-17", None, address)) == (422, "idempotency_key_reused")
    mine = _sent(story.client("other_leader"), "order-17")
    assert (mine.status_code, mine.headers.get("Idempotency-Replayed")) == (201, None)


@pytest.mark.parametrize("key", ["", "x" * 256, '"a', "订单", "a b"])
def test_a_malformed_key_is_refused(db: None, key: str) -> None:
    leader = client_of(factories.make_user(Role.LEADER_FIRM))
    assert _code(_sent(leader, key)) == (400, "invalid_idempotency_key")


def test_a_refused_request_keeps_nothing_and_may_be_sent_again(story: Story) -> None:
    leader = story.client("leader")
    assert _sent(leader, "k", {**DEMAND, "quantity": "-1"}).status_code == 400
    assert KeptAnswer.objects.count() == 0
    assert _sent(leader, "k").status_code == 201


def test_files_count_by_their_content(story: Story) -> None:
    leader = story.client("leader")
    address = f"{LINES}{story.names['verified_demand']}/attachments/"

    def upload(content: bytes) -> Any:
        sent = {"file": SimpleUploadedFile("a.pdf", content)}
        return _sent(leader, "drawing", sent, address, format="multipart")

    before = Attachment.objects.count()
    assert [upload(b"%PDF one").status_code for _ in range(2)] == [201, 201]
    assert _code(upload(b"%PDF two")) == (422, "idempotency_key_reused")
    assert Attachment.objects.count() == before + 1
    with Attachment.objects.latest("created_at").file.open("rb") as stored:
        assert stored.read() == b"%PDF one"


def test_a_body_of_many_rows_has_a_key_too(story: Story) -> None:
    leader = story.client("leader")
    rows = [json.dumps({**DEMAND, "key": f"N{number}"}) for number in range(3)]

    def bulk(sent: list[str]) -> Any:
        body = "\n".join(sent).encode()
        return _sent(leader, "many", body, f"{LINES}bulk/", content_type="application/x-ndjson")

    first, again = bulk(rows), bulk(rows)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert b'"created":3' in again.content
    assert _code(bulk(rows[:2])) == (422, "idempotency_key_reused")


def test_who_has_lost_a_role_is_not_told_the_answer_again(story: Story) -> None:
    person = story.people["leader"]
    assert person is not None
    second = factories.make_firm(OrganisationKind.LEADER_FIRM)
    person.memberships.create(organisation=second, role=Role.LEADER_FIRM)
    body = {**DEMAND, "organisation": str(second.pk)}
    assert _sent(client_of(person), "k", body).status_code == 201
    person.memberships.filter(organisation=second).update(is_active=False)
    assert _code(_sent(client_of(person), "k", body)) == (409, "standing_changed")


def test_a_kept_answer_can_not_be_read_from_the_database(story: Story) -> None:
    leader = story.client("leader")
    key = str(uuid.uuid4())
    body = {**DEMAND, "price_ceiling": "98765.4321", "title": "绝密物料"}
    line = _sent(leader, key, body).json()
    row = KeptAnswer.objects.get()
    dumped = json.dumps({name: str(value) for name, value in row.__dict__.items()}).encode() + bytes(
        row.answer
    )
    for secret in (key, line["id"], "98765.4321", "绝密物料"):
        assert secret.encode() not in dumped
    assert _sent(leader, key, body).json() == line


def test_answers_are_forgotten_after_two_days(story: Story) -> None:
    leader = story.client("leader")
    for key, hours in (("old", 49), ("young", 47)):
        _sent(leader, key)
        newest = KeptAnswer.objects.latest("created_at")
        KeptAnswer.objects.filter(pk=newest.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    assert forget_answers() == 1
    assert "Idempotency-Replayed" not in _sent(leader, "old").headers
    assert _sent(leader, "young").headers["Idempotency-Replayed"] == "true"


@pytest.fixture
def token(transactional_db: None) -> str:
    """A leader firm's token, seen by every connection."""
    factories.make_chain("photovoltaic", "光伏")
    return token_of(factories.make_user(Role.LEADER_FIRM))


BODY = json.dumps({key: value for key, value in DEMAND.items() if key != "node"})


def _in_parallel(token: str, number: int) -> list[Any]:
    client = client_with(token, **{"idempotency-key": "one"})
    return at_once(number, lambda _: client.post(LINES, BODY, content_type="application/json"))


def test_a_hundred_parallel_requests_make_one_object(token: str) -> None:
    answers = _in_parallel(token, times(50, 100))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert DemandLine.objects.count() == 1


def test_without_the_claim_they_would_make_many(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the test above sees it when the guard is off."""
    monkeypatch.setattr(idempotency, "claim_of", lambda *_: None)
    answers = _in_parallel(token, 10)
    assert DemandLine.objects.count() == sum(answer.status_code == 201 for answer in answers) > 1


def test_a_crash_leaves_neither_effect_nor_answer(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: Any) -> Any:
        raise RuntimeError("the process dies here")

    client = client_with(token, **{"idempotency-key": "one"})
    client.raise_request_exception = False
    monkeypatch.setattr(idempotency, "keep", crash)
    assert client.post(LINES, BODY, content_type="application/json").status_code == 500
    assert (DemandLine.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert client.post(LINES, BODY, content_type="application/json").status_code == 201


def test_who_waits_too_long_is_told_to_come_again(token: str, settings: Settings) -> None:
    settings.API_IDEMPOTENCY_WAIT = 0.05
    client = client_with(token, **{"idempotency-key": "one"})
    assert client.post(LINES, BODY, content_type="application/json").status_code == 201
    with connection.cursor() as cursor:
        # As long as another transaction holds the key, nobody can tell whether it will count.
        cursor.execute("BEGIN; UPDATE matching_keptanswer SET key = 'elsewhere'")
        (answer,) = at_once(1, lambda _: client.post(LINES, BODY, content_type="application/json"))
        cursor.execute("ROLLBACK")
    assert _code(answer) == (409, "request_in_progress")
    assert answer.headers["Retry-After"] == "1"
