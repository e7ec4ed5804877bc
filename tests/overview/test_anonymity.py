"""No firm can be read from a published table, nor worked out from its total."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.overview.anonymity import LEAST_FIRMS, hidden, told

TABLES = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 9), max_size=8)


@given(TABLES)
def test_a_cell_of_few_firms_is_hidden(firms: dict[str, int]) -> None:
    shown = {key: number for key, number in firms.items() if key not in hidden(firms)}
    assert [number for number in shown.values() if 0 < number < LEAST_FIRMS] == []


@given(TABLES)
def test_what_is_hidden_together_holds_three_firms_whoever_they_are(firms: dict[str, int]) -> None:
    away = hidden(firms)
    large = [number for number in firms.values() if number >= LEAST_FIRMS]
    if away and large:
        assert max(firms[key] for key in away) >= LEAST_FIRMS


@given(TABLES)
def test_no_more_is_hidden_than_needed(firms: dict[str, int]) -> None:
    few = {key for key, number in firms.items() if 0 < number < LEAST_FIRMS}
    assert len(hidden(firms) - few) <= bool(few)


def test_the_smallest_of_the_others_goes_with_them() -> None:
    assert hidden({"a": 1, "b": 5, "c": 4, "d": 0}) == {"a", "c"}
    assert hidden({"a": 3, "b": 4}) == frozenset()
    assert hidden({"a": 1, "b": 2}) == {"a", "b"}


def test_a_number_by_itself() -> None:
    assert [told(7, firms) for firms in (0, 1, 2, 3)] == [7, None, None, 7]
