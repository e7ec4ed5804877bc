"""A text is encoded once and kept under its model, without its words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from matching.engine.retrieval.meanings import compact
from matching.meanings import services
from matching.meanings.encoders import EncodingFailed
from matching.meanings.models import TextMeaning
from matching.meanings.queries import digest, known
from matching.meanings.services import forget_others, learn
from matching.meanings.texts import Text
from tests.meanings.models_of import Topics

pytestmark = pytest.mark.django_db

PUMP, DOOR = Text(True, "水泵"), Text(False, "木门")


def test_new_texts_are_encoded_and_known_ones_are_not() -> None:
    model = Topics()
    assert learn(encoder=model, texts=[PUMP, DOOR, PUMP], limit=10) == 2
    assert learn(encoder=model, texts=[PUMP, DOOR], limit=10) == 0
    assert sorted(model.encoded) == [(False, "木门"), (True, "水泵")]
    assert known("topics", [PUMP, DOOR]) == {PUMP: compact([1, 0]), DOOR: compact([0, 1])}


def test_no_more_than_the_limit_and_the_rest_later() -> None:
    model = Topics()
    texts = [Text(False, f"零件{at}") for at in range(7)]
    assert [learn(encoder=model, texts=texts, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert len(known("topics", texts)) == 7


def test_what_is_asked_is_another_text_than_what_is_found() -> None:
    learn(encoder=Topics(), texts=[PUMP], limit=1)
    assert known("topics", [Text(False, "水泵")]) == {}
    assert digest(PUMP) != digest(Text(False, "水泵"))


def test_words_are_not_kept() -> None:
    learn(encoder=Topics(), texts=[PUMP], limit=1)
    row = TextMeaning.objects.get()
    assert (row.digest, len(row.digest)) == (digest(PUMP), 64)
    assert "水泵".encode() not in bytes(row.vector)


def test_vectors_of_another_model_are_not_used_and_go() -> None:
    learn(encoder=Topics("old"), texts=[PUMP], limit=1)
    assert known("topics", [PUMP]) == {}
    learn(encoder=Topics(), texts=[PUMP], limit=1)
    assert forget_others(model="topics") == 1
    assert list(TextMeaning.objects.values_list("model", flat=True)) == ["topics"]


def test_what_was_encoded_before_a_failure_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Topics):
        def encode(self, texts: Sequence[str], *, asked: bool) -> list[bytes]:
            if len(self.encoded) >= 4:
                raise EncodingFailed("away")
            return super().encode(texts, asked=asked)

    monkeypatch.setattr(services, "BATCH", 2)
    texts = [Text(False, f"零件{at}") for at in range(6)]
    with pytest.raises(EncodingFailed):
        learn(encoder=Failing(), texts=texts, limit=6)
    assert len(known("topics", texts)) == 4
