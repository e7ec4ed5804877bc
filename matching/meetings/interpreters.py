"""How many interpreters of each language there are at the same time, as people write it: en 2, ja 1."""

from __future__ import annotations

import re

_ONE = re.compile(r"([a-z]{2,3})[ :×x]*(\d{1,2})")
MOST = 99


def are_interpreters(value: object) -> bool:
    """Whether it maps codes of languages to numbers from 1 to 99."""
    return isinstance(value, dict) and all(
        isinstance(language, str)
        and re.fullmatch(r"[a-z]{2,3}", language)
        and type(number) is int
        and 0 < number <= MOST
        for language, number in value.items()
    )


def read_interpreters(text: str) -> dict[str, int]:
    """From what a person wrote. Raises ValueError for anything else."""
    found: dict[str, int] = {}
    for part in filter(None, (part.strip().lower() for part in re.split(r"[,，、;；]", text))):
        match = _ONE.fullmatch(part)
        if match is None or not int(match[2]):
            raise ValueError(part)
        found[match[1]] = int(match[2])
    return found


def show_interpreters(interpreters: dict[str, int]) -> str:
    """As a person would write it."""
    return ", ".join(f"{language} {number}" for language, number in sorted(interpreters.items()))
