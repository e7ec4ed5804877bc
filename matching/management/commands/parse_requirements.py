"""``manage.py parse_requirements``: specification texts as typed requirements, one JSON array a line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.engine.specs import as_json, parse_specification, requirement_records
from matching.engine.text import GlossaryIndex, index_glossary
from matching.engine.types import Glossary

REPLACED = "\N{REPLACEMENT CHARACTER}"


class Command(BaseCommand):
    """Needs no database: grades, standards and units are those built into the engine."""

    help = (
        "Read one specification text a line and print one JSON array of requirements a line. low and high "
        "are exact decimal numbers in the base unit named beside them; span counts characters of the line."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, or ``-`` for standard input."""
        parser.add_argument(
            "file", help="text file in UTF-8 or GB18030, one specification a line; - for stdin"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print as many lines as the file has."""
        glossary = index_glossary(Glossary())
        if isinstance(sys.stdout, TextIOWrapper):
            # A pipe in another encoding must not lose characters.
            sys.stdout.reconfigure(encoding="utf-8")
        text = _decoded(_content(options["file"]))
        if REPLACED in text:
            at = text[: text.index(REPLACED)].count("\n") + 1
            self.stderr.write(
                f"Some bytes are no text, the first of them in line {at}; each reads as {REPLACED}."
            )
        for line in _lines(text):
            self.stdout.write(_parsed(line, glossary))


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}") from error


def _decoded(content: bytes) -> str:
    """UTF-8, unless much of it is none: one damaged byte does not make a text GB18030."""
    text = content.decode("utf-8-sig", errors="replace")
    foreign = sum(character > "\x7f" for character in text)
    if text.count(REPLACED) * 10 <= foreign:
        return text
    return content.decode("gb18030", errors="replace")


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _parsed(line: str, glossary: GlossaryIndex) -> str:
    found = parse_specification(line, glossary)
    return as_json(requirement_records(line, found, glossary))
