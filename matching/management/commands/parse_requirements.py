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
        for line in _lines(_content(options["file"])):
            self.stdout.write(_parsed(line, glossary))


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}") from error


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _parsed(line: str, glossary: GlossaryIndex) -> str:
    found = parse_specification(line, glossary)
    return as_json(requirement_records(line, found, glossary))
