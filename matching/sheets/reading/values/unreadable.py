"""How a cell that says nothing readable is told."""

from __future__ import annotations

from collections.abc import Callable


class Unreadable(Exception):
    """A cell that can't be read; ``code`` and ``facts`` are those of the wording."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


Tell = Callable[..., None]
"""Called with a code and facts for what is worth telling though it was read."""
