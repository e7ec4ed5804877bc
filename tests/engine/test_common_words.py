"""Titles cut down to words that give nobody away."""

from __future__ import annotations

import pytest

from matching.engine.common_words import common, reduced
from matching.engine.text import GlossaryIndex, tokens

WORDS = common(
    [("a", "长江 齿轮 ABC-12"), ("b", "齿轮 abc-34"), ("c", "大齿轮/ABC 90"), ("a", "长江"), ("a", "长江")],
    ["风机", "DN50-A2"],
)


def test_common_are_public_words_and_those_of_three_firms() -> None:
    assert {"风机", "dn50-a2", "dn50", "dn", "50", "a2", "齿轮", "abc"} == WORDS


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("长江齿轮箱", ["齿轮"]),
        ("风机齿轮", ["风机", "齿轮"]),
        ("ＡＢＣ－７３００", ["abc"]),
        ("DN50-A2 阀", ["dn50-a2"]),
        ("DN50X", ["dn", "50"]),
        ("abc江7300", ["abc"]),
        ("", []),
    ],
)
def test_the_rest_is_cut(text: str, kept: list[str]) -> None:
    assert [word for word in reduced(text, WORDS).replace(";", " ").split() if word] == kept


def test_what_is_cut_does_not_join_its_neighbours() -> None:
    found = tokens(reduced("abc江dn 齿轮江风机", WORDS), GlossaryIndex())
    assert {"abc", "dn", "齿轮", "风机"} <= set(found)
    assert not {"abcdn", "轮风"} & set(found)
