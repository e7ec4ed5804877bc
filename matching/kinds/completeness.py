"""How complete a line is, and what its gaps cost: a pure rule over what a kind declares."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from matching.kinds.declaration import Kind, Label

_REQUIRED = Label("提交前必须填写", "needed before the line can be submitted")


@dataclass(frozen=True, slots=True)
class Missing:
    """An empty column or kind of rows, and what stays open without it."""

    name: str
    why: Label
    required: bool = False
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Completeness:
    """``filled`` of ``total`` entries that count stand there; what is missing, the weightiest first."""

    filled: int
    total: int
    missing: tuple[Missing, ...]

    @property
    def percent(self) -> int:
        """Full percent that are filled; 100 only where nothing is missing."""
        return 100 * self.filled // self.total if self.total else 100


def counted(kind: Kind, side: str) -> tuple[Missing, ...]:
    """Everything that counts for the side's lines of this kind: what is required, then what tells."""
    required = {name: Missing(name, _REQUIRED, True) for name in kind.required_columns(side)}
    telling = {one.name: Missing(one.name, one.why, False, one.asked_by) for one in kind.telling(side)}
    return tuple({**telling, **required}[name] for name in {**required, **telling})


def completeness(kind: Kind, side: str, filled: Collection[str]) -> Completeness:
    """``filled``: names of the columns and kinds of rows that hold something."""
    wanted = counted(kind, side)
    missing = tuple(one for one in wanted if one.name not in filled)
    return Completeness(len(wanted) - len(missing), len(wanted), missing)
