"""What the reader says: one table of messages and remedies in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matching.kinds.declaration import Label
from matching.sheets.reading.words_of_cells import CELLS
from matching.sheets.reading.words_of_files import FILES
from matching.sheets.types import Problem, SheetRefused

NO_FACTS: Mapping[str, object] = MappingProxyType({})
WORDS = FILES | CELLS


def problem(
    code: str,
    facts: Mapping[str, object] = NO_FACTS,
    *,
    sheet: str = "",
    row: int | None = None,
    cell: str = "",
    column: str = "",
) -> Problem:
    """A problem or notice in the words of the table; ``facts`` fill its places."""
    (zh, en), (zh_remedy, en_remedy) = WORDS[code]
    chinese = {name: fact.zh if isinstance(fact, Label) else fact for name, fact in facts.items()}
    english = {name: fact.en if isinstance(fact, Label) else fact for name, fact in facts.items()}
    return Problem(
        code,
        Label(zh.format(**chinese), en.format(**english)),
        Label(zh_remedy.format(**chinese), en_remedy.format(**english)),
        sheet=sheet,
        row=row,
        cell=cell,
        column=column,
    )


def refused(code: str, **facts: object) -> SheetRefused:
    """The refusal of a whole file."""
    return SheetRefused(problem(code, facts))
