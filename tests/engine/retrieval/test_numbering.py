from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.engine.retrieval.numbering import Numbering, written

WORD = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=6)


@given(st.lists(st.lists(WORD, max_size=8), max_size=8))
def test_each_word_has_the_number_of_its_first_occurrence(fields: list[list[str]]) -> None:
    numbering = Numbering()
    batch = written(fields)
    found = numbering.number(batch).tolist()
    flat = [word for field in fields for word in field]
    assert batch.lengths.tolist() == [len(field) for field in fields]
    assert numbering.words == list(dict.fromkeys(flat))
    assert [numbering.words[number] for number in found] == flat


def test_more_words_than_the_table_first_holds() -> None:
    numbering = Numbering()
    words = [f"词{number}" for number in range(100_000)]
    assert numbering.number(written([words[:60_000], words[60_000:]])).tolist() == list(range(100_000))
    assert numbering.number(written([["词70000", "词100000"]])).tolist() == [70_000, 100_000]
    assert len(numbering.words) == 100_001
