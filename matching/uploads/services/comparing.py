"""The rows of a file against the firm's list: new, changed, unchanged, absent, faulty."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stdnum.cn import uscc

from matching.lists.services.bulk import ListRow, Planned, in_batches, plan, stamp_of
from matching.lists.services.checking import References, problems_of
from matching.lists.services.content import content_columns, plain
from matching.lists.states import LINE, LineAction
from matching.sheets.types import Column, Reading, ReadRow
from matching.uploads.models import Upload, UploadRow, stored_problems
from matching.uploads.services.contents import Content, Nodes, content_of_row, packed
from matching.uploads.services.identity import Identities
from matching.uploads.services.telling import Teller, foreign, twice
from matching.uploads.services.wording import Wording
from matching.uploads.states import Sort

Step = Callable[[int], None]
MAX_TEXT = 200
# Stands for the number that a new line is given when it is stored; no firm's own number has a blank.
_UNNUMBERED = "\u00a0"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file with what it says and the number of its line; empty for a new one without."""

    position: int
    read: ReadRow
    content: Content
    key: str


def compare(upload: Upload, reading: Reading, columns: Sequence[Column], step: Step) -> Iterator[UploadRow]:
    """The rows of the file in their order, then the lines that it does not have; not stored.

    ``step`` is told how many rows are done. Reads batches of the list, whatever its length.
    """
    known = Identities.of(upload)
    teller = Teller(columns)
    strangers = {index for index, row in enumerate(reading.rows) if _is_strange(upload, row)}
    rows, repeated = _identified(upload, reading, known, strangers)
    references, wording = References(), Wording(upload, columns)
    for batch in in_batches(rows):
        texts = wording.of(row.key for row in batch)
        planned = plan(
            model=upload.model,
            organisation=upload.organisation,
            kind=upload.kind,
            rows=[
                _list_row(row, known, wording.kept(row.content.values, texts.get(row.key, {})))
                for row in batch
            ],
            known=references,
            partial=True,
        )
        for row, one in zip(batch, planned, strict=True):
            found = _compared(upload, row, one, teller, references)
            if row.position in strangers:
                _refuse(found, row.read, [foreign(teller, row.read)])
            elif row.position in repeated:
                _refuse(found, row.read, [twice(teller, row.read, row.key)])
            yield found
        step(len(batch))
    chains = {row.content.values.get("chain_id") for row in rows if row.position not in strangers}
    yield from _absent(upload, known, chains, len(rows))


def _is_strange(upload: Upload, row: ReadRow) -> bool:
    """Whether a row names another firm; a code that can be none was mistyped."""
    own = upload.organisation.uscc
    return bool(own) and row.uscc != own and uscc.is_valid(row.uscc)


def _identified(
    upload: Upload, reading: Reading, known: Identities, strangers: Container[int]
) -> tuple[list[_Row], set[int]]:
    nodes = Nodes()
    keys = ["" if index in strangers else known.number(_key(row)) for index, row in enumerate(reading.rows)]
    repeated = {index for index, key in enumerate(keys) if key and not known.claim(key)}
    contents = []
    for row, key in zip(reading.rows, keys, strict=True):
        line = known.by_key.get(key)
        contents.append(content_of_row(row, upload.model, nodes, line.chain_id if line else None))
    nameless = {
        index: contents[index] for index, key in enumerate(keys) if not key and index not in strangers
    }
    faulty = {index for index, row in enumerate(reading.rows) if row.problems}
    found = known.resolve(upload, nameless, faulty)
    rows = [
        _Row(index, row, contents[index], found.get(index, keys[index]))
        for index, row in enumerate(reading.rows)
    ]
    return rows, repeated


def _key(row: ReadRow) -> str:
    return str(row.values.get("key") or "").strip()


def _list_row(row: _Row, known: Identities, values: dict[str, Any]) -> ListRow:
    if row.content.own:
        line = known.by_key.get(row.key)
        own = {**(line.attributes if line else {}), **row.content.own}
        values["attributes"] = {name: value for name, value in own.items() if value is not None}
    return ListRow(row.key or f"{_UNNUMBERED}{row.position}", values, row.content.rows)


def _compared(
    upload: Upload, row: _Row, planned: Planned[Any], teller: Teller, references: References
) -> UploadRow:
    found = UploadRow(
        upload=upload,
        position=row.position,
        sheet=row.read.sheet,
        number=row.read.number,
        key=row.key,
        title=str(planned.line.title or "")[:MAX_TEXT],
        line=None if planned.before is None else planned.line.pk,
        stamp=planned.stamp,
    )
    check = partial(problems_of, planned.line, planned.rows, references)
    problems = [*row.read.problems, *(teller.problems(row.read, check) if planned.problems else ())]
    if problems or planned.settled is None:
        return _refuse(found, row.read, problems)
    found.changes = _changes(planned)
    if planned.before is None:
        found.sort = Sort.NEW
    else:
        found.sort = Sort.CHANGED if planned.settled.changes else Sort.UNCHANGED
    if found.sort != Sort.UNCHANGED:
        found.values = packed(planned.row.values)
        found.children = plain(row.content.rows)
    return found


def _refuse(found: UploadRow, read: ReadRow, problems: Sequence[Any]) -> UploadRow:
    found.sort, found.values, found.children, found.changes = Sort.FAULTY, {}, {}, []
    found.problems = [*found.problems, *stored_problems(problems)]
    return found


def _changes(planned: Planned[Any]) -> list[dict[str, Any]]:
    """Fields that the row changes in a stored line: old and new."""
    if planned.before is None or planned.rows_before is None:
        return []
    line, before = planned.line, planned.before
    columns = [*content_columns(type(line)), "valid_until", "state"]
    pairs = {name: (before[name], getattr(line, name)) for name in columns}
    pairs |= {name: (planned.rows_before[name], planned.rows[name]) for name in planned.rows}
    return [
        {"name": name, "old": plain(old), "new": plain(new)}
        for name, (old, new) in pairs.items()
        if plain(old) != plain(new)
    ]


def _absent(upload: Upload, known: Identities, chains: Any, position: int) -> Iterator[UploadRow]:
    """Standing lines of the file's chains that the file does not have."""
    lines = [
        line
        for line in known.free()
        if line.chain_id in chains and LINE.allows(line.state, LineAction.WITHDRAW)
    ]
    for batch in in_batches(lines):
        stored = upload.model.objects.in_bulk([line.pk for line in batch])
        for line in batch:
            yield UploadRow(
                upload=upload,
                position=position,
                key=line.key,
                title=line.title,
                sort=Sort.ABSENT,
                line=line.pk,
                stamp=stamp_of(stored[line.pk]),
            )
            position += 1


def counted(rows: Mapping[str, int]) -> dict[str, int]:
    """Rows of each sort; those that do not occur are 0."""
    return {sort.value: rows.get(sort, 0) for sort in Sort}
