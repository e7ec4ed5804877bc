"""The worker's part: read the file and compare it, or apply it; under a lease."""

from __future__ import annotations

import logging
import uuid

from django.db import InterfaceError, OperationalError, transaction

from matching import kinds
from matching.copying import copy_in
from matching.kinds.declaration import Label
from matching.lists.queries.vocabulary import vocabulary
from matching.lists.services.bulk import in_batches
from matching.sheets.columns import columns
from matching.sheets.reading import read
from matching.sheets.types import Problem, Reading, SheetRefused
from matching.uploads import access
from matching.uploads.models import Upload, UploadRow, stored_problems
from matching.uploads.services.applying import apply_rows
from matching.uploads.services.comparing import compare, counted
from matching.uploads.services.leases import Lease, LeaseLost, current, fail, finish, lease, renewed
from matching.uploads.states import UploadAction, UploadState

RIGHT_ENDED = Label(
    "交来文件的账号、角色或令牌已失效，处理已停止，清单没有变化。",
    "The account, role or token that ordered this has ended; work stopped, the list is as it was.",
)
log = logging.getLogger(__name__)


def work(*, upload_id: uuid.UUID) -> None:
    """Do the next step of an upload, unless somebody else does.

    Side effects: those of the step. A fault of ours fails the upload; a database that is away does not:
    the lease runs out and the upload is given out again.
    """
    held = lease(upload_id=upload_id)
    if held is None:
        return
    try:
        with renewed(held):
            _step(held)
    except LeaseLost:
        return
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _give_up(held)
        raise


def _step(held: Lease) -> None:
    if not access.still_ordered(held.upload):
        stop(held=held)
        return
    if held.upload.state == UploadState.APPLYING:
        apply_rows(held=held)
        return
    try:
        reading = _read(held.upload)
    except SheetRefused as refused:
        refuse(held=held, problem=refused.problem)
        return
    preview(held=held, reading=reading)


def _read(upload: Upload) -> Reading:
    with upload.file.open("rb") as file:
        data = file.read()
    specification = columns(kinds.get(upload.kind), upload.sheet_side)
    return read(data, upload.name, specification, vocabulary())


@transaction.atomic
def refuse(*, held: Lease, problem: Problem) -> None:
    """The file as a whole can't be read. Raises ``LeaseLost``."""
    upload = current(held)
    upload.problems = stored_problems([problem])
    finish(upload, UploadAction.REFUSE)


@transaction.atomic
def stop(*, held: Lease) -> None:
    """Nobody who may wants this any more: nothing is read or written. Raises ``LeaseLost``."""
    fail(current(held), RIGHT_ENDED)


@transaction.atomic
def preview(*, held: Lease, reading: Reading) -> None:
    """Store what each row is against the list as it is now. Raises ``LeaseLost``.

    Side effects: rows of an earlier comparison are gone.
    """
    upload = held.upload
    held.total = len(reading.rows)
    upload.rows.all().delete()

    def step(done: int) -> None:
        held.done += done

    counts: dict[str, int] = {}
    specification = columns(kinds.get(upload.kind), upload.sheet_side)
    for batch in in_batches(compare(upload, reading, specification, step)):
        copy_in(UploadRow, batch)
        for row in batch:
            counts[row.sort] = counts.get(row.sort, 0) + 1
    ended = current(held)
    ended.counts, ended.result = counted(counts), {}
    ended.problems = stored_problems(reading.problems)
    ended.notices = stored_problems(reading.notices)
    ended.done = ended.total = held.total
    finish(ended, UploadAction.PREVIEW)


@transaction.atomic
def _give_up(held: Lease) -> None:
    try:
        upload = current(held)
    except LeaseLost:
        return
    log.exception("upload %s failed", upload.pk)
    fail(
        upload,
        Label(
            "系统处理这个文件时出错，清单没有变化。请联系管理员。",
            "Our side failed on this file; the list is as it was. Please tell the administrator.",
        ),
    )
