"""Chinese is complete: a new extraction finds no message that is missing, fuzzy or left over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = PROJECT / "matching/locale/zh_Hans/LC_MESSAGES/django.po"
EXTRACT = (
    *("-m", "babel.messages.frontend", "--quiet", "extract", "--mapping-file=matching/locale/babel.cfg"),
    *("--keywords=_lazy", "--keywords=gettext_lazy", "--keywords=pgettext_lazy:1c,2", "--no-location"),
)

LIBRARIES = {
    "Add Security Key",
    "Security Keys",
    "Use a security key",
    "Your password can’t be a commonly used password.",
    "Your password can’t be too similar to your other personal information.",
    "Successfully signed in as %(name)s.",
    "This password is too short. It must contain at least %d character.",
}
"""Words of libraries whose own Chinese is missing or clumsy."""


def _first(message: Any) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The messages of today's code."""
    target = tmp_path_factory.mktemp("words") / "django.pot"
    subprocess.run([sys.executable, *EXTRACT, f"--output-file={target}", "."], cwd=PROJECT, check=True)
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def catalogue() -> Any:
    """The Chinese catalogue."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def test_no_message_is_missing(extracted: Any, catalogue: Any) -> None:
    wanted = {_first(message) for message in extracted if message.id}
    written = {_first(message) for message in catalogue if message.id and all(message.string)}
    assert sorted(wanted - written) == []


def test_no_message_is_left_over(extracted: Any, catalogue: Any) -> None:
    wanted = {_first(message) for message in extracted if message.id}
    written = {_first(message) for message in catalogue if message.id}
    assert sorted(written - wanted) == sorted(LIBRARIES)
    assert list(catalogue.obsolete) == []


def test_no_message_is_fuzzy_or_loses_a_placeholder(catalogue: Any) -> None:
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    faults = [(message.id, str(error)) for message in catalogue for error in message.check()]
    assert faults == []
