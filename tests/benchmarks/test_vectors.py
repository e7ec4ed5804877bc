"""A text is encoded once, whatever becomes of the measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks import ours, vectors
from benchmarks.folders import read
from benchmarks.vectors import known
from matching.engine.retrieval.meanings import compact
from matching.meanings.texts import Text
from tests.benchmarks.conftest import Write


@dataclass
class Lengths:
    """A model that knows the length of a text and nothing else."""

    name: str = "lengths"
    encoded: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str], *, asked: bool) -> list[bytes]:
        self.encoded += texts
        return [compact([1.0, len(text) / 10]) for text in texts]


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    model, file = Lengths(), tmp_path / "kept" / "vectors.sqlite"
    first = known(model, [Text(True, "水泵"), Text(False, "门")], file)
    assert first == {Text(True, "水泵"): compact([1.0, 0.2]), Text(False, "门"): compact([1.0, 0.1])}
    again = known(model, [Text(False, "门"), Text(False, "水泵")], file)
    assert again[Text(False, "门")] == first[Text(False, "门")]
    assert sorted(model.encoded) == ["水泵", "水泵", "门"]


def test_models_do_not_mix(tmp_path: Path) -> None:
    file = tmp_path / "vectors.sqlite"
    known(Lengths(), [Text(True, "水泵")], file)
    other = Lengths("other")
    known(other, [Text(True, "水泵")], file)
    assert other.encoded == ["水泵"]


def test_a_model_finds_what_no_word_does(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "FILE", tmp_path / "vectors.sqlite")
    folder = read(write(demands="d\t电机\n", supplies="a\t门\nb\t水泵\n", qrels="d\tb\t1\n"))
    assert ours.hits(folder, confirmed=True) == {"d": []}
    found = ours.hits(folder, confirmed=True, encoder=Lengths())["d"]
    assert [supply for supply, _ in found] == ["b", "a"]
