"""How many interpreters of each language there are at the same time, as people write it: 英语 2, ja 1."""

from __future__ import annotations

import re

from matching.meetings.languages import code_of, name_of

_ONE = re.compile(r"([^\W\d_]+)[ :：×x]*(\d{1,2})(?:名|人|位)?")
_CODE = re.compile(r"[a-z]{2,3}")
MOST = 99


def are_interpreters(value: object) -> bool:
    """Whether it maps codes of languages to numbers from 1 to 99."""
    return isinstance(value, dict) and all(
        isinstance(language, str) and _CODE.fullmatch(language) and type(number) is int and 0 < number <= MOST
        for language, number in value.items()
    )


def read_interpreters(text: str) -> dict[str, int]:
    """From what a person wrote, codes or names of languages. Raises ValueError for anything else."""
    found: dict[str, int] = {}
    for part in filter(None, (part.strip().lower() for part in re.split(r"[,，、;；]", text))):
        match = _ONE.fullmatch(part)
        language = code_of(match[1]) if match else ""
        if match is None or not int(match[2]) or not _CODE.fullmatch(language):
            raise ValueError(part)
        found[language] = int(match[2])
    return found


def show_interpreters(interpreters: dict[str, int]) -> str:
    """As a person would write it."""
    return ", ".join(f"{name_of(language)} {number}" for language, number in sorted(interpreters.items()))
