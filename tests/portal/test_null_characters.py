"""A NUL in a field that holds several words is told at the field."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from matching.chains.models import GlossaryEntry, GlossaryKind
from matching.lists.forms.fields import WordsField


def test_words_of_a_line() -> None:
    with pytest.raises(ValidationError):
        WordsField().clean("ISO 9001\0,IRIS")
    assert WordsField().clean("ISO 9001、IRIS,IRIS") == ["ISO 9001", "IRIS"]


def test_a_glossary_entry_without_words() -> None:
    with pytest.raises(ValidationError):
        GlossaryEntry(kind=GlossaryKind.SYNONYM, words=[]).clean()
