"""No firm can be read from a published table, nor worked out from its total."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.agreements.amounts import Kind
from matching.overview.anonymity import LEAST_FIRMS, hidden, told
from matching.overview.queries.public_agreements import without_few

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


def test_agreements_of_three_firms_a_side_are_counted() -> None:
    cells = {
        ("pv", Kind.INTENT): (9, 4),
        ("pv", Kind.CONTRACT): (5, 3),
        ("rail", Kind.INTENT): (7, 5),
        ("rail", Kind.CONTRACT): (4, 4),
    }
    nothing = {Kind.SAMPLE: 0, Kind.QUOTE: 0}
    assert without_few(cells) == {
        "pv": {Kind.INTENT: 9, Kind.CONTRACT: 5, **nothing},
        "rail": {Kind.INTENT: 7, Kind.CONTRACT: 4, **nothing},
    }


@given(
    cells=st.dictionaries(
        st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(list(Kind))),
        st.integers(1, 6).flatmap(lambda firms: st.tuples(st.integers(firms, 20), st.just(firms))),
    )
)
def test_no_few_firms_agreements_can_be_had_from_totals(
    cells: dict[tuple[str, Kind], tuple[int, int]],
) -> None:
    told = without_few(cells)
    for line in (
        *([(chain, kind) for chain in told] for kind in Kind),
        *([(chain, kind) for kind in Kind] for chain in told),
    ):
        unseen = [cell for cell in line if told[cell[0]][cell[1]] is None]
        assert {cell for cell in line if 0 < cells.get(cell, (0, 0))[1] < 3} <= set(unseen)
        others = [cell for cell in line if cells.get(cell, (0, 0))[1] >= 3]
        # What the total less the told comes to is of three firms at least, and never of one cell.
        if unseen and others:
            assert max(cells[cell][1] for cell in unseen) >= 3
        assert len(unseen) != 1 or not set(line) & set(cells) - set(unseen)
