"""Page-shaped reads of uploads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from matching import kinds
from matching.chains.models import Chain, ChainNode
from matching.chains.queries import region_names
from matching.lists.services.content import CHILD_ROWS
from matching.lists.states import LineState
from matching.sheets.columns import columns
from matching.sheets.specified import write_certificates, write_properties, write_requirements
from matching.sheets.types import CellType, Column, Problem
from matching.uploads.models import Upload, UploadRow, problems_in
from matching.uploads.states import Outcome

NOTHING = "—"
_COLUMN_OF = {"node_id": "node", "chain_id": "chain"}
_WRITE = {
    "requirements": write_requirements,
    "properties": write_properties,
    "certificates": write_certificates,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a row changes, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in the reader's language."""

    cell: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the preview; ``line`` is the stored line, where there is one."""

    row: UploadRow
    line: UUID | None
    changes: tuple[Change, ...]
    problems: tuple[Told, ...]


def uploads(user: User) -> QuerySet[Upload]:
    """Uploads of the person's firms with what a page reads, newest first."""
    return Upload.objects.visible_to(user).select_related("organisation", "uploaded_by", "applied_by")


def told(problems: Any) -> tuple[Told, ...]:
    """Stored problems in the reader's language."""
    return tuple(_told(problem) for problem in problems_in(problems))


def _told(problem: Problem) -> Told:
    language = get_language() or ""
    place = problem.cell or (str(problem.row) if problem.row else "")
    return Told(place, problem.message.text(language), problem.remedy.text(language))


def held_back(upload: Upload) -> dict[str, int]:
    """Rows that did not go their way, by what became of them."""
    rows = upload.rows.exclude(outcome="").order_by()
    counts = dict(rows.values_list("outcome").annotate(Count("pk")))
    return {outcome.value: counts[outcome] for outcome in Outcome if outcome in counts}


def shown(upload: Upload, rows: Sequence[UploadRow]) -> list[ShownRow]:
    """Rows of one page in words; constant queries."""
    words = _Words(upload, rows)
    lines = _lines(upload, rows)
    return [
        ShownRow(
            row,
            lines.get(row.key),
            tuple(words.change(change) for change in row.changes),
            told(row.problems),
        )
        for row in rows
    ]


def _lines(upload: Upload, rows: Sequence[UploadRow]) -> dict[str, UUID]:
    own = upload.model.objects.filter(
        organisation_id=upload.organisation_id, kind=upload.kind, key__in=[row.key for row in rows if row.key]
    )
    return dict(own.values_list("key", "pk"))


class _Words:
    """Names of fields and values, looked up once for a page."""

    def __init__(self, upload: Upload, rows: Sequence[UploadRow]) -> None:
        specification = columns(kinds.get(upload.kind), upload.sheet_side)
        self._columns = {column.name: column for column in specification}
        self._children = CHILD_ROWS[upload.model]
        self._language = get_language() or ""
        values: dict[str, set[Any]] = {"node_id": set(), "chain_id": set(), "regions": set()}
        for change in (change for row in rows for change in row.changes):
            name = "regions" if change["name"] in ("delivery_region", "regions") else change["name"]
            for value in (change["old"], change["new"]):
                if name in values and value:
                    values[name] |= set(value) if isinstance(value, list) else {value}
        nodes = ChainNode.objects.filter(pk__in=values["node_id"])
        self._nodes = {str(node.pk): node.name for node in nodes} if values["node_id"] else {}
        chains = Chain.objects.filter(pk__in=values["chain_id"])
        self._chains = {chain.pk: chain.name for chain in chains} if values["chain_id"] else {}
        self._regions = region_names(values["regions"]) if values["regions"] else {}

    def change(self, change: Mapping[str, Any]) -> Change:
        """A change in words."""
        name = change["name"]
        column = self._columns.get(_COLUMN_OF.get(name, name))
        label = _("State") if name == "state" else column.label.text(self._language) if column else name
        return Change(
            label, self._value(name, column, change["old"]), self._value(name, column, change["new"])
        )

    def _value(self, name: str, column: Column | None, value: Any) -> str:
        if value in (None, "", [], {}):
            return NOTHING
        if name in self._children:
            return _WRITE[name](_typed(self._children[name], row) for row in value)
        if name == "state":
            return str(LineState(value).label)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name in ("node_id", "chain_id"):
            return self._nodes.get(str(value), "") or self._chains.get(value, str(value))
        if column is not None and column.type in (CellType.REGION, CellType.REGIONS):
            return "、".join(self._regions.get(code, code) for code in _several(value))
        for choice in column.choices if column else ():
            if choice.value == value:
                return choice.label.text(self._language)
        return "、".join(str(one) for one in _several(value))


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _typed(model: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: model._meta.get_field(name).to_python(value) for name, value in row.items()}
