"""Yes and no, and words of a closed list."""

from __future__ import annotations

import re
from functools import lru_cache

from matching.kinds.declaration import Label
from matching.sheets.reading.grid import Cell
from matching.sheets.reading.values.texts import narrow, plain_text
from matching.sheets.reading.values.unreadable import Unreadable
from matching.sheets.types import Choice, Column

_YES = frozenset("是 √ ✓ ✔ ☑ y yes true t 1 有 需要 需 对 v 要 允许 可以 保密 可".split())
_NO = frozenset("否 × ✗ ✘ ☐ x n no false f 0 无 不需要 不需 不 错 不要 没有 不保密 不可 /".split())
_NOISE = re.compile(r"[\s()\[\]【】。.,;:、]+")


def word_key(text: str) -> str:
    """What two spellings of a word have in common."""
    return _NOISE.sub("", narrow(text)).casefold()


def read_flag(cell: Cell) -> bool:
    """Yes or no. Raises ``Unreadable``."""
    if isinstance(cell, bool):
        return cell
    text = plain_text(cell)
    key = word_key(text) or text
    if key in _YES or text in _YES:
        return True
    if key in _NO or text in _NO:
        return False
    raise Unreadable("not_a_flag", text=text)


def read_choice(cell: Cell, column: Column) -> str:
    """The stored value of a word. Raises ``Unreadable``."""
    text = plain_text(cell)
    value = choice_of(text, column.choices)
    if value is None:
        labels = [choice.label for choice in column.choices]
        wanted = Label("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
        raise Unreadable("not_a_choice", text=text, choices=wanted)
    return value


def choice_of(text: str, choices: tuple[Choice, ...]) -> str | None:
    """The stored value that a text names, or None."""
    return _values(choices).get(word_key(text))


@lru_cache(maxsize=64)
def _values(choices: tuple[Choice, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for choice in choices:
        found.setdefault(word_key(choice.value), choice.value)
        found.setdefault(word_key(choice.label.zh), choice.value)
        found.setdefault(word_key(choice.label.en), choice.value)
    for choice in choices:
        for alias in choice.aliases:
            found.setdefault(word_key(alias), choice.value)
    return found
