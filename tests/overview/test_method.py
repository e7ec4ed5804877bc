"""The public page on how matching works: what it says is what the program does."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from matching import kinds
from matching.engine.learning import MOST_OF_A_FIRM, WEIGHTS, Source, lesson
from matching.engine.retrieval import postings, statistics, weighing
from matching.engine.types import FULL_SCORE
from matching.overview import document

LANGUAGES = ("en", "zh-hans")
_ROW = re.compile(r"^\| [^|]+ \| `(?P<name>[^`]+)` \| (?P<value>[0-9.]+) \|$", re.MULTILINE)
_GATE = re.compile(r"^\| [^|]+ \| `(?P<name>[^`]+)` \|$", re.MULTILINE)
_SOURCES = (Source.ACCEPTED, Source.INTENT, Source.CONTRACT, Source.NO_RESULT)
POLICY = kinds.get("product").policy


def _text(language: str) -> str:
    suffix = "" if language == "en" else ".zh-CN"
    return (Path(settings.BASE_DIR) / "docs" / f"engine{suffix}.md").read_text("utf-8")


def _rows(text: str) -> list[tuple[str, Decimal]]:
    return [(row["name"], Decimal(row["value"])) for row in _ROW.finditer(text)]


def _points(value: int) -> Decimal:
    return Decimal(value) * 100 / FULL_SCORE


def _told() -> list[tuple[str, Decimal]]:
    constants = {
        "power": statistics.POWER,
        "k1": postings.K1,
        "b": weighing.B,
        "body": weighing.BODY,
        "most_body": weighing.MOST_BODY,
    }
    numbers = {
        "candidates": Decimal(POLICY.candidates),
        "minimum_text": _points(POLICY.minimum_text),
        "minimum_score": _points(POLICY.minimum_score),
        "band_a": _points(POLICY.bands[0]),
        "band_b": _points(POLICY.bands[1]),
        "near_misses": Decimal(POLICY.near_misses),
        "max_suppliers": Decimal(POLICY.max_suppliers),
    }
    learning: dict[str, Decimal] = {
        "least_decisions": Decimal(lesson.LEAST_DECISIONS),
        "least_of_a_kind": Decimal(lesson.LEAST_OF_A_KIND),
        "least_demands": Decimal(lesson.LEAST_DEMANDS),
        "least_gain": _points(lesson.LEAST_GAIN),
        **{str(source): Decimal(str(WEIGHTS[source])) for source in _SOURCES},
        "most_of_a_firm": Decimal(str(100 * MOST_OF_A_FIRM)),
    }
    return [
        *((name, Decimal(str(value))) for name, value in constants.items()),
        *((name, Decimal(weight)) for name, weight in POLICY.weights),
        *((grade, _points(share)) for grade, share in POLICY.grade_bonus),
        *numbers.items(),
        *((name, _points(bonus)) for name, bonus in POLICY.allocation_bonus),
        *learning.items(),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_hold_the_numbers_of_the_program(language: str) -> None:
    assert _rows(_text(language)) == _told()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gates_are_those_of_the_first_rules(language: str) -> None:
    assert [row["name"] for row in _GATE.finditer(_text(language))] == [gate.value for gate in POLICY.gates]


def test_both_languages_have_the_same_sections() -> None:
    english, chinese = (document.in_language("engine", language) for language in LANGUAGES)
    assert [anchor for anchor, _heading in english.sections] == [anchor for anchor, _ in chinese.sections]
    assert english.body.count("<table") == chinese.body.count("<table")
    assert english.body.count("<li>") == chinese.body.count("<li>")


def test_the_body_holds_every_anchor_and_not_the_title() -> None:
    shown = document.in_language("engine", "en")
    assert [f'id="{anchor}"' in shown.body for anchor, _heading in shown.sections] == [True] * 14
    assert shown.title == "How matching works"
    assert "<h1" not in shown.body


def test_lines_of_chinese_are_joined_without_a_space_and_english_words_are_not() -> None:
    assert "门户上公开，无需登录" in document.in_language("engine", "zh-hans").body
    assert "matched or\nnot." in document.in_language("engine", "en").body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "title"), [("en", "How matching works"), ("zh-hans", "匹配规则说明"), ("", "匹配规则说明")]
)
def test_visitors_read_it_in_their_language(language: str, title: str) -> None:
    client = Client()
    if language:
        client.cookies["django_language"] = language
    response = client.get("/how-matching-works/")
    assert response.status_code == 200
    assert f"<h1>{title}</h1>" in response.content.decode()
    assert reverse("method") == "/how-matching-works/"
