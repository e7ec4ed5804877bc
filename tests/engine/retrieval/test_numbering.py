from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.retrieval.numbering import Numbering, written

WORD = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=6)
ONE_FIELD = np.array([1], np.uint32)


@given(st.lists(st.lists(st.lists(WORD, max_size=8), max_size=8), max_size=3))
def test_each_word_has_the_number_of_its_first_occurrence(batches: list[list[list[str]]]) -> None:
    numbering = Numbering()
    found: list[list[int]] = []
    counts: list[int] = []
    for batch in batches:
        text = written(batch)
        assert text.lengths.tolist() == [len(field) for field in batch]
        sizes, numbers, units = numbering.add(text, ONE_FIELD)
        found += [part.tolist() for part in np.split(numbers, np.cumsum(sizes)[:-1])] if batch else []
        counts += units.tolist()
    fields = [field for batch in batches for field in batch]
    words = numbering.words()
    assert words == list(dict.fromkeys(word for field in fields for word in field))
    assert [[words[number] for number in numbers] for numbers in found] == [
        list(dict.fromkeys(field)) for field in fields
    ]
    assert counts == [field.count(word) for field in fields for word in dict.fromkeys(field)]
    assert numbering.holders().tolist() == [sum(word in field for field in fields) for word in words]


def test_more_words_than_the_table_first_holds() -> None:
    numbering = Numbering()
    words = [f"词{number}" for number in range(100_000)]
    _, numbers, _ = numbering.add(written([words[:60_000], words[60_000:]]), ONE_FIELD)
    assert numbers.tolist() == list(range(100_000))
    _, numbers, _ = numbering.add(written([["词70000", "词100000"]]), ONE_FIELD)
    assert numbers.tolist() == [70_000, 100_000]
    assert numbering.words() == [*words, "词100000"]
    assert numbering.holders().tolist() == [1] * 70_000 + [2] + [1] * 30_000
