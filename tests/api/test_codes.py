"""Every code that a problem document can have says what it means in both languages, on a page of its own."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework import exceptions, fields, serializers

from matching.http.codes import MEANINGS, in_both_languages

ROOMS = Path(__file__).resolve().parents[2]
ELSEWHERE = {
    *("asvs", "mlps"),
    *("incorrect_match", "invalid_image", "invalid_unicode", "make_aware", "no_match"),
    *("password_classes", "password_own_words", "password_too_long", "password_too_short", "password_used"),
}
"""Names of security profiles; fields that no body has; faults of new passwords, which no operation takes."""
pytestmark = pytest.mark.django_db


def _written(source: str) -> Iterator[str]:
    """Codes that a module writes: arguments called ``code``, and those of its exceptions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            values = [one.value for one in node.keywords if one.arg == "code"]
        elif isinstance(node, ast.Assign):
            named = any(isinstance(one, ast.Name) and one.id == "default_code" for one in node.targets)
            values = [node.value] if named else []
        else:
            continue
        yield from (
            one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )


def _ours() -> set[str]:
    files = (file for room in ("accounts", "matching") for file in (ROOMS / room).rglob("*.py"))
    return {code for file in files for code in _written(file.read_text("utf-8"))}


def _of_the_framework() -> set[str]:
    of_fields = {
        code
        for _name, one in inspect.getmembers(serializers, inspect.isclass)
        if issubclass(one, fields.Field)
        for code in one.default_error_messages
    }
    of_requests = {
        one.default_code
        for _name, one in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(one, exceptions.APIException)
    }
    return of_fields | of_requests


def test_every_code_has_words() -> None:
    assert len(_ours()) > 50
    assert (_ours() | _of_the_framework()) - MEANINGS.keys() - ELSEWHERE == set()


def test_a_code_without_words_is_found() -> None:
    source = 'raise Conflict("no", code="never_heard_of")\nclass Gone(Error):\n    default_code = "gone"'
    assert set(_written(source)) - MEANINGS.keys() == {"never_heard_of", "gone"}


def test_words_are_in_two_languages() -> None:
    told = {code: in_both_languages(code) for code in MEANINGS}
    assert {code for code, words in told.items() if not words["zh"] or words["zh"] == words["en"]} == set()
    assert {code for code, words in told.items() if not words["en"].isascii()} == set()


def test_every_code_has_a_page() -> None:
    client = Client()
    for code in MEANINGS:
        page = client.get(reverse("problem", args=[code]))
        assert page.status_code == 200
    assert client.get(reverse("problem", args=["never_heard_of"])).status_code == 404
