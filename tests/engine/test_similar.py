"""Titles like one that is being typed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.artefact import Damaged
from matching.engine.similar import Closeness, Titled, Titles, Typed, build
from matching.engine.types import Glossary, Policy

NODE = ("upstream", "crucible")
TITLES = (
    ("石英坩埚", NODE),
    ("石英坩埚清洗服务", ()),
    ("高纯石英砂", ("upstream", "sand")),
    ("单晶炉", ("upstream", "furnace")),
    ("Quartz crucible 28 inch", NODE),
    ("电机定子铁芯", ("midstream", "motor")),
)
LINES = [Titled(UUID(int=at + 1), title, node) for at, (title, node) in enumerate(TITLES)]
GLOSSARY = Glossary(synonyms=(("电机", "马达"),))


def _opened(lines: list[Titled], glossary: Glossary = GLOSSARY) -> Titles:
    return Titles(memoryview(b"".join(build(lines, glossary))))


HELD = _opened(LINES)


def _found(title: str, description: str = "", node: tuple[str, ...] = ()) -> list[str]:
    titles = {line.key: line.title for line in LINES}
    return [titles[each.key] for each in HELD.closest(Typed(title, description, node), Policy())]


def test_the_same_title_is_very_similar_and_comes_first() -> None:
    first, *_ = HELD.closest(Typed("石英坩埚", "", NODE), Policy())
    assert first == (LINES[0].key, Closeness.VERY_SIMILAR)


@pytest.mark.parametrize("title", ["", "石", " 石 ", "  "])
def test_too_little_finds_nothing(title: str) -> None:
    assert _found(title, "石英坩埚") == []


def test_every_longer_beginning_finds_the_product() -> None:
    title = "石英坩埚"
    assert [title in _found(title[:length]) for length in range(2, len(title) + 1)] == [True] * 3


def test_another_kind_of_thing_is_left_out() -> None:
    assert "石英坩埚清洗服务" not in _found("石英坩埚")
    assert _found("石英坩埚清洗服务") == ["石英坩埚清洗服务"]


def test_synonyms_of_the_glossary_count_as_one_word() -> None:
    assert _found("马达定子铁芯") == ["电机定子铁芯"]


def test_what_nobody_has_finds_nothing() -> None:
    assert _found("法兰轴承座") == []


def test_a_description_adds_to_a_title() -> None:
    assert "高纯石英砂" in _found("高纯原料", "石英砂")


def test_no_lines_find_nothing() -> None:
    assert _opened([]).closest(Typed("石英坩埚", "", ()), Policy()) == ()


def test_bytes_that_are_not_whole_are_refused() -> None:
    with pytest.raises(Damaged):
        Titles(memoryview(b"".join(build(LINES, GLOSSARY))[:-1]))


@given(st.permutations(LINES))
def test_the_order_of_the_lines_changes_nothing(lines: list[Titled]) -> None:
    typed = Typed("石英坩埚 28 inch", "", NODE)
    held = _opened(lines)
    assert dict(held.closest(typed, Policy())) == dict(HELD.closest(typed, Policy()))
