"""Titles like one that is being typed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.artefact import Damaged, sealed, unsealed
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
LINES = [Titled(UUID(int=at + 1), title, node, UUID(int=at + 101)) for at, (title, node) in enumerate(TITLES)]
PUBLIC = ("石英坩埚", "高纯石英砂", "单晶炉", "Quartz crucible", "电机定子铁芯")
GLOSSARY = Glossary(synonyms=(("电机", "马达"),))


def _opened(lines: list[Titled], glossary: Glossary = GLOSSARY) -> Titles:
    return Titles(memoryview(b"".join(build(lines, glossary, PUBLIC))))


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
        Titles(memoryview(b"".join(build(LINES, GLOSSARY, PUBLIC))[:-1]))


@pytest.mark.parametrize("missing", ["keys", "glossary", "common", "size", "names.text", "postings.words"])
def test_whole_bytes_with_other_columns_are_refused(missing: str) -> None:
    columns = unsealed(memoryview(b"".join(build(LINES, GLOSSARY, PUBLIC))))
    del columns[missing]
    with pytest.raises(Damaged):
        Titles(memoryview(b"".join(sealed(columns))))


def _gearboxes(firms: int) -> Titles:
    """One title with a name and a model of its own, and gearboxes whose further words that many firms use."""
    hidden = Titled(UUID(int=1), "齿轮箱 长江七号风机 NGC-7300 海上专用", NODE, UUID(int=101))
    # One firm with several lines is one firm; these hold every single character and no name.
    same = [Titled(UUID(int=at), "七长 江号 轴承 NGC 7300", NODE, UUID(int=101)) for at in range(2, 9)]
    others = [Titled(UUID(int=at), "齿轮箱 海上专用", NODE, UUID(int=at)) for at in range(200, 200 + firms)]
    return Titles(memoryview(b"".join(build([hidden, *same, *others], Glossary(), ("齿轮箱", "风机")))))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("齿轮箱 长江七号", "齿轮箱 黄河七号"),
        ("长江七号", "黄河八号"),
        ("NGC-7300", "NGC-7200"),
        ("齿轮箱 NGC-7300", "齿轮箱 SKF-7300"),
        ("长江七号风机", "黄河七号风机"),
        ("7300", "7200"),
    ],
)
def test_a_firms_own_names_and_models_can_not_be_guessed(right: str, wrong: str) -> None:
    held = _gearboxes(4)
    for title, description in (("{}", ""), ("齿轮箱", "{}")):
        first, second = (
            held.closest(Typed(title.format(text), description.format(text), NODE), Policy())
            for text in (right, wrong)
        )
        assert first == second


@pytest.mark.parametrize(("firms", "found"), [(1, False), (2, True)])
def test_a_word_is_searched_once_three_firms_use_it(firms: int, found: bool) -> None:
    keys = [near.key for near in _gearboxes(firms).closest(Typed("海上专用", "", ()), Policy())]
    assert (UUID(int=1) in keys) is found


def test_names_of_nodes_are_searched_though_one_firm_uses_them() -> None:
    keys = [near.key for near in _gearboxes(0).closest(Typed("风机", "", ()), Policy())]
    assert keys == [UUID(int=1)]


@given(st.permutations(LINES))
def test_the_order_of_the_lines_changes_nothing(lines: list[Titled]) -> None:
    typed = Typed("石英坩埚 28 inch", "", NODE)
    held = _opened(lines)
    assert dict(held.closest(typed, Policy())) == dict(HELD.closest(typed, Policy()))
