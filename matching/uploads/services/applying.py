"""The rows of a compared file, written into the list in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.models import User
from matching import kinds
from matching.errors import Forbidden, Invalid, Refusal
from matching.kinds.declaration import Label
from matching.lists.services.bulk import (
    ListRow,
    Saved,
    in_batches,
    lock_list,
    save_lines,
    stamp_of,
    withdraw_lines,
)
from matching.lists.services.lines import free_keys
from matching.sheets.columns import columns
from matching.sheets.types import Column, Problem
from matching.uploads.models import Upload, UploadRow, stored_problems
from matching.uploads.services.contents import Unpacker
from matching.uploads.services.leases import Lease, current, fail, finish
from matching.uploads.services.telling import corrected
from matching.uploads.states import Outcome, Sort, UploadAction

STALE = Label(
    "预览之后，清单中的这一条又有改动，没有覆盖。",
    "The line changed after the preview; it was not overwritten.",
)
LOOK_AGAIN = Label("重新上传文件，查看新的差异。", "Upload the file again and look at the differences.")
GOOD = (Sort.NEW, Sort.CHANGED)


class _Nothing(Exception):
    """Not all rows can be applied, and the person wants all or nothing."""


@dataclass(slots=True)
class _Applied:
    """What became of the rows so far; ``marked`` are those that did not go their way."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("created", "changed", "withdrawn", "submitted", "unsent", "stale", "refused"), 0
        )
    )
    marked: list[UploadRow] = field(default_factory=list)
    numbered: list[UploadRow] = field(default_factory=list)

    def mark(self, row: UploadRow, outcome: Outcome, problems: Iterable[Problem]) -> None:
        """Say what became of a row."""
        row.outcome = outcome
        row.problems = [*row.problems, *stored_problems(problems)]
        self.counts[outcome] += 1
        self.marked.append(row)

    @property
    def held_back(self) -> bool:
        """Whether a row could not be applied."""
        return bool(self.counts["stale"] or self.counts["refused"])


def apply_rows(*, held: Lease) -> None:
    """Write the good rows, withdraw absent lines and hand in drafts, as was chosen; all in one transaction.

    Rows whose line has changed since they were compared are told and left out. Side effects: those of
    ``save_lines`` and ``withdraw_lines``. Raises ``LeaseLost``.
    """
    applied = _Applied()
    try:
        with transaction.atomic(), translation.override(_language(held.upload)):
            _write(held, applied)
            ended = current(held)
            ended.result, ended.done, ended.total = applied.counts, held.done, held.done
            finish(ended, UploadAction.FINISH)
    except _Nothing:
        _leave(
            held,
            Label(
                "有条目无法导入，按“要么全部、要么不动”的选择，清单没有变化。",
                "Some rows can't be applied; as you chose all or nothing, the list is as it was.",
            ),
            applied.marked,
        )
    except Forbidden as forbidden:
        _leave(held, Label(forbidden.message, forbidden.message), [])


def _language(upload: Upload) -> str:
    """What the checks say while a file is applied is said to whoever wanted it applied."""
    person = upload.applied_by
    return (person.language if person else "") or settings.LANGUAGE_CODE


@transaction.atomic
def _leave(held: Lease, error: Label, marked: list[UploadRow]) -> None:
    upload = current(held)
    _store(marked)
    fail(upload, error)


def _store(marked: Iterable[UploadRow]) -> None:
    for row in marked:
        row.save(update_fields=["outcome", "problems"])


def _write(held: Lease, applied: _Applied) -> None:
    upload = held.upload
    model = upload.model
    lock_list(organisation=upload.organisation, model=model, kind=upload.kind)
    actor = User.objects.get(pk=upload.applied_by_id or 0)
    wanted = [*GOOD, Sort.UNCHANGED] if upload.submit else list(GOOD)
    rows = upload.rows.filter(sort__in=wanted).order_by("position")
    absent = upload.rows.filter(sort=Sort.ABSENT).order_by("position") if upload.withdraw else rows.none()
    held.total = rows.count() + absent.count()
    teller = _Refused(columns(kinds.get(upload.kind), upload.sheet_side))
    taken: list[UploadRow] = []
    saved = save_lines(
        actor=actor,
        model=model,
        organisation=upload.organisation,
        kind=upload.kind,
        rows=_list_rows(held, rows.iterator(chunk_size=500), taken, applied),
        partial=True,
        submit=upload.submit,
    )
    for row, one in zip(taken, saved, strict=True):
        _tally(applied, row, one, teller)
    _withdraw(upload, actor, model, list(absent), applied, teller)
    if upload.all_or_nothing and applied.held_back:
        raise _Nothing
    UploadRow.objects.bulk_update(applied.numbered, ["key"], batch_size=500)
    _store(applied.marked)


def _list_rows(
    held: Lease, stored: Iterable[UploadRow], taken: list[UploadRow], applied: _Applied
) -> Iterator[ListRow]:
    """Rows as ``save_lines`` takes them, new ones with a number; ``taken`` keeps their heads."""
    upload = held.upload
    unpacker = Unpacker(upload.model)
    spoken_for = upload.rows.exclude(key="").values_list("key", flat=True)
    numbers = free_keys(
        organisation=upload.organisation, model=upload.model, kind=upload.kind, spoken_for=spoken_for
    )
    for batch in in_batches(stored):
        for row, values in zip(batch, unpacker.columns(row.values for row in batch), strict=True):
            children = unpacker.children(row.children)
            row.values, row.children = {}, {}
            if not row.key:
                row.key = next(numbers)
                applied.numbered.append(row)
            taken.append(row)
            yield ListRow(row.key, values, children, stamp=row.stamp)
        held.done += len(batch)


def _tally(applied: _Applied, row: UploadRow, saved: Saved, teller: _Refused) -> None:
    if saved.stale:
        applied.mark(row, Outcome.STALE, [teller.of(row, STALE, LOOK_AGAIN)])
    elif saved.problems:
        applied.mark(row, Outcome.REFUSED, teller.of_fields(row, saved.problems))
    elif row.sort == Sort.NEW:
        applied.counts["created"] += 1
    elif row.sort == Sort.CHANGED:
        applied.counts["changed"] += 1
    applied.counts["submitted"] += saved.sent
    if saved.unsent is not None:
        applied.mark(row, Outcome.UNSENT, teller.of_refusal(row, saved.unsent))


def _withdraw(
    upload: Upload,
    actor: User,
    model: type[Any],
    absent: list[UploadRow],
    applied: _Applied,
    teller: _Refused,
) -> None:
    for batch in in_batches(absent):
        lines = {line.pk: line for line in model.objects.filter(pk__in=[row.line for row in batch])}
        fresh = [row for row in batch if row.line in lines and stamp_of(lines[row.line]) == row.stamp]
        told = withdraw_lines(
            actor=actor,
            model=model,
            organisation=upload.organisation,
            ids=[row.line for row in fresh if row.line is not None],
        )
        for row in batch:
            refusal = told.get(row.key)
            if row.key not in told:
                applied.mark(row, Outcome.STALE, [teller.of(row, STALE, LOOK_AGAIN)])
            elif refusal is not None:
                applied.mark(row, Outcome.REFUSED, teller.of_refusal(row, refusal))
            else:
                applied.counts["withdrawn"] += 1


class _Refused:
    """Tells why a row could not be applied."""

    def __init__(self, specification: Iterable[Column]) -> None:
        self._labels = {column.name: column.label for column in specification}

    def of(self, row: UploadRow, message: Label, remedy: Label, column: str = "") -> Problem:
        """A problem of the whole row."""
        return Problem("not_applied", message, remedy, row.sheet, row.number, column=column)

    def of_fields(self, row: UploadRow, problems: Any) -> list[Problem]:
        """Problems by field, in the words that the checks gave."""
        found = []
        for name, texts in problems.items():
            label = self._labels.get(name, Label(name, name))
            said = " ".join(texts)
            message = Label(f"{label.zh}：{said}", f"{label.en}: {said}")
            found.append(self.of(row, message, corrected(label), name))
        return found

    def of_refusal(self, row: UploadRow, refusal: Refusal) -> list[Problem]:
        """What a verb said."""
        if isinstance(refusal, Invalid):
            return self.of_fields(row, refusal.fields)
        message = Label(refusal.message, refusal.message)
        return [self.of(row, message, Label("", ""))]
