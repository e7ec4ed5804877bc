"""Which line of the firm's list a row speaks of.

A row with a number speaks of the line with that number. One without is first sought among the lines that
say the same in all that the row names, so that the same file twice changes nothing; then by chain, node and
title, then by chain and title where the row names no node; each where there is exactly one such row and one
such line. All others are new.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from matching.kinds.declaration import Label
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services.bulk import in_batches
from matching.lists.services.content import CHILD_ROWS, current_rows, fingerprint
from matching.lists.states import LineState
from matching.sheets.reading.cells import reads_as
from matching.sheets.types import CellType, Column
from matching.uploads.models import Upload
from matching.uploads.services.contents import Content

_NUMBER = Column("key", Label("条目编号", "Line no."), CellType.DIGITS)
Place = Callable[[str | None, int | None, str | None], Hashable]
Shape = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """A stored line, as far as it is needed to find it."""

    pk: UUID
    key: str
    state: str
    chain_id: str
    node_id: int | None
    title: str
    attributes: Mapping[str, Any]


@dataclass(slots=True)
class Identities:
    """The firm's lines by number, and those that a row has claimed."""

    by_key: dict[str, Known]
    written: dict[str, str]
    claimed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, upload: Upload) -> Identities:
        """All lines of the firm's list of that kind; one query."""
        own = upload.model.objects.filter(organisation_id=upload.organisation_id, kind=upload.kind)
        columns = ("pk", "key", "state", "chain_id", "node_id", "title", "attributes")
        lines = {row[1]: Known(*row) for row in own.order_by("key").values_list(*columns)}
        written = {reads_as(key, _NUMBER): key for key in lines}
        return cls(lines, {cell: key for cell, key in written.items() if cell not in lines})

    def number(self, cell: str) -> str:
        """The number of a line as the list has it, where a cell has it in narrow signs or without blanks."""
        return self.written.get(cell, cell)

    def claim(self, key: str) -> bool:
        """Take a number; False where another row has it already."""
        fresh = key not in self.claimed
        self.claimed.add(key)
        return fresh

    def free(self) -> list[Known]:
        """Lines that no row has claimed, standing ones first."""
        left = [line for key, line in self.by_key.items() if key not in self.claimed]
        return sorted(left, key=lambda line: line.state == LineState.WITHDRAWN)

    def resolve(
        self, upload: Upload, nameless: Mapping[int, Content], faulty: Container[int]
    ) -> dict[int, str]:
        """Numbers of the lines that rows without a number speak of, by the row's index; each is claimed.

        ``faulty`` rows lack cells, each others: they are only sought by chain, node and title.
        """
        found = self._same(upload, {at: content for at, content in nameless.items() if at not in faulty})
        self.claimed |= set(found.values())
        for place in (_place, _place_anywhere):
            rest = {index: content for index, content in nameless.items() if index not in found}
            found |= self._likely(rest, place)
            self.claimed |= set(found.values())
        return found

    def _same(self, upload: Upload, nameless: Mapping[int, Content]) -> dict[int, str]:
        titles = {content.values.get("title") for content in nameless.values()}
        wanted = [line for line in self.free() if line.title in titles]
        if not wanted:
            return {}
        shapes = {_shape(content) for content in nameless.values()}
        saying: dict[tuple[Shape, str], deque[str]] = defaultdict(deque)
        for line, said in _said(upload, wanted, shapes):
            for shape, words in said.items():
                saying[shape, words].append(line.key)
        found: dict[int, str] = {}
        taken: set[str] = set()
        for index, content in nameless.items():
            shape = _shape(content)
            keys = saying.get((shape, _words(content, shape)), deque())
            while keys and keys[0] in taken:
                keys.popleft()
            if keys:
                found[index] = keys.popleft()
                taken.add(found[index])
        return found

    def _likely(self, nameless: Mapping[int, Content], place: Place) -> dict[int, str]:
        lines: dict[Hashable, list[str]] = defaultdict(list)
        for line in self.free():
            if line.state != LineState.WITHDRAWN:
                lines[place(line.chain_id, line.node_id, line.title)].append(line.key)
        rows: dict[Hashable, list[int]] = defaultdict(list)
        for index, content in nameless.items():
            node = content.values.get("node")
            if place is _place or node is None:
                at = (content.values.get("chain_id"), node.pk if node else None, content.values.get("title"))
                rows[place(*at)].append(index)
        return {
            indexes[0]: lines[at][0]
            for at, indexes in rows.items()
            if len(indexes) == 1 and len(lines.get(at, ())) == 1
        }


def _place(chain: str | None, node: int | None, title: str | None) -> Hashable:
    return chain, node, title


def _place_anywhere(chain: str | None, _node: int | None, title: str | None) -> Hashable:
    """For rows that name no node: their line may have been given one in the portal."""
    return chain, title


def _shape(content: Content) -> Shape:
    """Which columns and child rows a row names, but for how long it holds."""
    named = sorted({*content.values, *(f"attributes.{name}" for name in content.own)} - {"valid_until"})
    return tuple(named), tuple(sorted(content.rows))


def _words(content: Content, shape: Shape) -> str:
    columns = {**content.values, **{f"attributes.{name}": value for name, value in content.own.items()}}
    node = columns.get("node")
    columns["node"] = node.pk if node else None
    return _fingerprint(columns, content.rows, shape)


def _fingerprint(columns: Mapping[str, Any], rows: Mapping[str, Any], shape: Shape) -> str:
    named = {name: columns.get(name) for name in shape[0]}
    return fingerprint({"columns": named, "rows": {name: rows[name] for name in shape[1]}})


def _said(
    upload: Upload, wanted: Sequence[Known], shapes: Iterable[Shape]
) -> Iterable[tuple[DemandLine | SupplyLine, dict[Shape, str]]]:
    """What stored lines say of the columns of each shape."""
    model = upload.model
    names = [column.attname for column in model._meta.concrete_fields]
    for batch in in_batches(wanted):
        lines = model.objects.prefetch_related(*CHILD_ROWS[model]).in_bulk([line.pk for line in batch])
        for known in batch:
            line = lines[known.pk]
            rows = current_rows(line)
            columns = {name: getattr(line, name) for name in names}
            columns["node"] = line.node_id
            columns |= {f"attributes.{name}": value for name, value in line.attributes.items()}
            yield line, {shape: _fingerprint(columns, rows, shape) for shape in shapes}
