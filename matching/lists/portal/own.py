"""A firm's own list: what stands in each row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from matching.kinds import Completeness
from matching.lists import access, queries
from matching.lists.portal.shown import label
from matching.lists.portal.sides import ListSide
from matching.lists.states import LineAction


@dataclass(frozen=True, slots=True)
class Gap:
    """A missing entry in words, and at least how many open needs ask for it; 0 where none is told.

    ``place`` is where the line's form asks for it.
    """

    name: str
    label: str
    why: str
    asked: int
    place: str


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A line of one's own list as its row shows it."""

    line: Any
    completeness: Completeness
    gaps: tuple[Gap, ...]
    can_edit: bool
    days_left: int | None


def own_rows(user: User, side: ListSide, lines: Any) -> list[OwnRow]:
    """Rows of the lines; constant queries."""
    filled = list(queries.with_filled(lines).select_related("organisation", "chain", "node", "round"))
    asked = {} if side.is_demand else queries.asking(user, filled)
    return [_row(user, line, asked.get((line.chain_id, line.kind), {})) for line in filled]


def _row(user: User, line: Any, asked: dict[str, int]) -> OwnRow:
    found = queries.completeness_of(line)
    language = get_language() or ""
    gaps = tuple(
        Gap(
            one.name,
            entry_label(line, one.name),
            one.why.text(language),
            asked.get(one.asked_by, 0),
            place_of(line, one.name),
        )
        for one in found.missing
    )
    return OwnRow(line, found, gaps, LineAction.EDIT in access.actions(user, line), _days_left(line))


def _days_left(line: Any) -> int | None:
    """Days until the line lapses where that is soon; negative where it has."""
    left: timedelta = line.valid_until - timezone.localdate()
    return left.days if left.days <= queries.LAPSING_DAYS else None


def place_of(line: Any, name: str) -> str:
    """The place on the line's form that asks for a column or a kind of rows, as in ``#id_unit``."""
    return f"id_{name}" if name in {field.name for field in line._meta.concrete_fields} else f"{name}-part"


def entry_label(line: Any, name: str) -> str:
    """Name of a column or of a kind of rows."""
    rows = {
        "requirements": _("Requirements"),
        "properties": _("Properties"),
        "certificates": _("Certificates"),
    }
    stored = {field.name for field in line._meta.concrete_fields}
    return label(line, name) if name in stored else rows[name]
