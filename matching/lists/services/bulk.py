"""Many lines of one firm at once: decided as ``save_line`` decides, stored a batch at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from matching.copying import copy_in, copy_over
from matching.errors import Conflict, Invalid, Refusal
from matching.lists.models import DemandLine, Line, LineEvent, Round, SupplyLine
from matching.lists.services.checking import Problems, References
from matching.lists.services.content import (
    CHILD_ROWS,
    Row,
    Rows,
    content_as_written,
    current_rows,
    replace_rows,
)
from matching.lists.services.lines import event_of, lock_numbers, refuse_foreign_firm
from matching.lists.services.settling import Settled, hand_in, open_round, refuse_promised, settle
from matching.lists.states import LINE, LineAction, LineState

AnyLine = TypeVar("AnyLine", DemandLine, SupplyLine)
T = TypeVar("T")
BATCH = 500
_STORED_ONCE = {"id", "created_at", "organisation", "kind", "key"}
# Owned by accepted matches, which change it under the line's lock.
_NOT_OURS = {"committed"}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list; ``stamp`` is what its line must still be (``stamp_of``), None: whatever it is."""

    key: str
    values: Mapping[str, Any]
    rows: Mapping[str, Sequence[Row]]
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Planned(Generic[AnyLine]):
    """What would become of a row: its line as it would be, what it was before, or what is wrong.

    ``before`` and ``rows_before`` are None for a line that is new. Without ``settled`` nothing is stored.
    """

    row: ListRow
    line: AnyLine
    rows: Rows
    before: Mapping[str, Any] | None
    rows_before: Rows | None
    settled: Settled | None = None
    problems: Problems = field(default_factory=dict)
    stale: bool = False

    @property
    def stamp(self) -> str:
        """Of the stored line; empty for a new one."""
        return "" if self.before is None else _stamp(self.before["fingerprint"], self.before["state"])


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a row. ``unsent`` says why a line that was to be handed in stays a draft.

    ``touched`` where the row changed its line at all, ``rewritten`` where it changed what the line says.
    """

    key: str
    line_id: uuid.UUID | None
    new: bool = False
    touched: bool = False
    rewritten: bool = False
    stored: bool = False
    sent: bool = False
    stale: bool = False
    state: str = ""
    problems: Problems = field(default_factory=dict)
    unsent: Refusal | None = None


def stamp_of(line: Line) -> str:
    """What a line says now and whether it stands; rows that were compared with another one are stale."""
    return _stamp(line.fingerprint, line.state)


def _stamp(fingerprint: str, state: str) -> str:
    return f"{fingerprint}-" if state == LineState.WITHDRAWN else fingerprint


def lock_list(*, organisation: Organisation, model: type[AnyLine], kind: str) -> None:
    """Until the transaction ends nobody else writes this firm's list; in the order that runs lock lines."""
    lock_numbers(organisation)
    lines = model.objects.filter(organisation=organisation, kind=kind).order_by("key")
    list(lines.select_for_update(no_key=True).values_list("pk"))


def in_batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of at most ``size`` items."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def plan(
    *,
    model: type[AnyLine],
    organisation: Organisation,
    kind: str,
    rows: Sequence[ListRow],
    known: References,
    partial: bool,
) -> list[Planned[AnyLine]]:
    """What ``save_lines`` would make of one batch of rows; nothing is stored. Constant queries.

    A row's ``valid_until`` may move a stored line's date forward, never back: a file is often older than
    the last confirmation. With ``partial`` what a row does not name stays.
    """
    own = model.objects.filter(organisation=organisation, kind=kind, key__in=[row.key for row in rows])
    stored = {line.key: line for line in own.select_related("node").prefetch_related(*CHILD_ROWS[model])}
    return [
        _plan_row(
            row, stored.get(row.key), model(organisation=organisation, key=row.key), kind, known, partial
        )
        for row in rows
    ]


def _plan_row(
    row: ListRow, stored: AnyLine | None, new: AnyLine, kind: str, known: References, partial: bool
) -> Planned[AnyLine]:
    line, before, rows_before, values = new, None, None, {**row.values, "kind": kind}
    if stored is not None:
        line, rows_before = stored, current_rows(stored)
        before = {column.attname: getattr(line, column.attname) for column in line._meta.concrete_fields}
        if values.get("valid_until") is not None:
            values["valid_until"] = max(values["valid_until"], line.valid_until)
    held = rows_before if partial and rows_before is not None else dict.fromkeys(CHILD_ROWS[type(line)], ())
    planned = Planned(row, line, {**held, **row.rows}, before, rows_before)
    if row.stamp is not None and row.stamp != planned.stamp:
        return Planned(row, line, planned.rows, before, rows_before, stale=True)
    try:
        settled = settle(line, values, planned.rows, known)
    except Invalid as invalid:
        return Planned(row, line, planned.rows, before, rows_before, problems=dict(invalid.fields))
    return Planned(row, line, planned.rows, before, rows_before, settled)


@transaction.atomic
def save_lines(
    *,
    actor: User,
    model: type[AnyLine],
    organisation: Organisation,
    kind: str,
    rows: Iterable[ListRow],
    partial: bool = False,
    submit: bool = False,
) -> Iterator[Saved]:
    """Write many lines as ``save_line`` writes one; what became of each is told in the order of ``rows``.

    Rows that are faulty or stale are told and left out, the others are stored; whoever wants all or nothing
    rolls back. With ``submit`` drafts and returned lines among them are handed in as ``change_line`` does.
    Side effects: those of ``save_line``; the caller holds ``lock_list``. Raises ``Forbidden``.
    """
    refuse_foreign_firm(actor, organisation, model)
    known, rounds = References(), _Rounds(kind)
    told: list[Saved] = []
    for batch in in_batches(rows):
        same = {} if partial else unchanged(model, organisation, kind, batch, submit=submit)
        planned = plan(
            model=model,
            organisation=organisation,
            kind=kind,
            rows=[row for row in batch if row.key not in same],
            known=known,
            partial=partial,
        )
        stored = iter(_store(actor, model, planned, rounds if submit else None))
        told += [same.get(row.key) or next(stored) for row in batch]
    return iter(told)


def unchanged(
    model: type[AnyLine], organisation: Organisation, kind: str, rows: Sequence[ListRow], *, submit: bool
) -> dict[str, Saved]:
    """Rows, by key, that say what their lines say already; one query, and no line is loaded for it.

    Left out are those with something to do: withdrawn lines, later days, and drafts where ``submit``.
    """
    own = model.objects.filter(organisation=organisation, kind=kind, key__in=[row.key for row in rows])
    stored = {line[0]: line for line in own.values_list("key", "pk", "fingerprint", "state", "valid_until")}
    same = {}
    for row in rows:
        if row.stamp is not None or row.key not in stored:
            continue
        _key, line_id, fingerprint, state, held_until = stored[row.key]
        waits = state == LineState.WITHDRAWN or (submit and LINE.allows(state, LineAction.SUBMIT))
        wanted = row.values.get("valid_until")
        # A day that is not one yet is left to ``settle``, which tells what is wrong with it.
        moves = wanted is not None and (not isinstance(wanted, date) or wanted > held_until)
        if waits or moves:
            continue
        values = {**row.values, "kind": kind, "key": row.key}
        rows_of = {**dict.fromkeys(CHILD_ROWS[model], ()), **row.rows}
        if content_as_written(model, values, rows_of) == fingerprint:
            same[row.key] = Saved(row.key, line_id, state=state)
    return same


class _Rounds:
    """The open rounds of the chains, each asked for once."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._open: dict[str, Round | None] = {}

    def of(self, chain_id: str) -> Round | None:
        """The chain's open round."""
        if chain_id not in self._open:
            self._open[chain_id] = open_round(chain_id, self.kind)
        return self._open[chain_id]


def _store(
    actor: User, model: type[AnyLine], planned: Sequence[Planned[AnyLine]], rounds: _Rounds | None
) -> list[Saved]:
    events: list[LineEvent] = []
    lines: list[AnyLine] = []
    told = []
    for one in planned:
        if one.settled is None:
            line_id = None if one.before is None else one.line.pk
            told.append(Saved(one.row.key, line_id, stale=one.stale, problems=one.problems))
            continue
        if one.settled.action is not None:
            events.append(event_of(one.line, one.settled.action, actor))
        sent, unsent = (False, None) if rounds is None else _submit(one.line, rounds)
        if sent:
            events.append(event_of(one.line, LineAction.SUBMIT, actor))
        stored = one.settled.changes or sent
        if stored:
            lines.append(one.line)
        told.append(
            Saved(
                key=one.row.key,
                line_id=one.line.pk,
                new=one.before is None,
                touched=one.settled.changes,
                rewritten=one.settled.rewritten,
                stored=stored,
                sent=sent,
                state=one.line.state,
                unsent=unsent,
            )
        )
    _upsert(model, lines)
    replace_rows(model, [(one.line, one.rows) for one in planned if one.settled and one.settled.rewritten])
    copy_in(LineEvent, events)
    return told


def _submit(line: DemandLine | SupplyLine, rounds: _Rounds) -> tuple[bool, Refusal | None]:
    if not LINE.allows(line.state, LineAction.SUBMIT):
        return False, None
    try:
        hand_in(line, rounds.of(line.chain_id))
    except (Conflict, Invalid) as refusal:
        return False, refusal
    line.state, line.reason = LINE.target(line.state, LineAction.SUBMIT), ""
    return True, None


def _upsert(model: type[AnyLine], lines: Sequence[AnyLine]) -> None:
    changing = [
        column.name for column in model._meta.concrete_fields if column.name not in _STORED_ONCE | _NOT_OURS
    ]
    copy_over(model, lines, changing)


@transaction.atomic
def withdraw_lines(
    *, actor: User, model: type[AnyLine], organisation: Organisation, ids: Iterable[uuid.UUID]
) -> dict[str, Refusal | None]:
    """Withdraw lines as ``change_line`` does, by key; what could not be withdrawn has its refusal.

    Lines that are withdrawn already are passed over. Side effects: one event a line; the caller holds
    ``lock_list``. Raises ``Forbidden``.
    """
    refuse_foreign_firm(actor, organisation, model)
    told: dict[str, Refusal | None] = {}
    for batch in in_batches(ids):
        events = []
        for line in model.objects.filter(organisation=organisation, pk__in=batch).order_by("key"):
            if LINE.allows(line.state, LineAction.WITHDRAW):
                told[line.key] = refusal = _withdraw(line)
                events += [] if refusal else [event_of(line, LineAction.WITHDRAW, actor)]
        gone = [key for key, refusal in told.items() if refusal is None]
        model.objects.filter(organisation=organisation, pk__in=batch, key__in=gone).update(
            state=LineState.WITHDRAWN, reason="", updated_at=timezone.now()
        )
        copy_in(LineEvent, events)
    return told


def _withdraw(line: DemandLine | SupplyLine) -> Refusal | None:
    try:
        refuse_promised(line)
    except Conflict as refusal:
        return refusal
    line.state = LINE.target(line.state, LineAction.WITHDRAW)
    return None
