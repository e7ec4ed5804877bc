"""The worker's part: make a pack's papers one after the other into one archive, under a lease."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation

from matching.documents.packing import pack as pack_files
from matching.kinds import Label
from matching.papers import access
from matching.papers.models import PaperPack
from matching.papers.queries import facts_of, stamp_of, stamps
from matching.papers.services.contents import Piece, pieces
from matching.papers.services.leases import Lease, LeaseLost, current, fail, finish, lease, renewed
from matching.papers.states import PackAction

RIGHT_ENDED = Label(
    "下达制作任务的账号、角色或令牌已失效，制作已停止。",
    "The account, role or token that ordered this has ended; work stopped.",
)
OUR_FAULT = Label(
    "系统制作材料时出错。请联系管理员。",
    "Our side failed on these papers. Please tell the administrator.",
)
log = logging.getLogger(__name__)


def make(*, pack_id: uuid.UUID) -> None:
    """Make a pack, unless somebody else does.

    Side effects: the archive stands in the storage and the pack is ready; an older archive is gone. A fault
    of ours fails the pack; a database that is away does not: the lease runs out and it is given out again.
    """
    held = lease(pack_id=pack_id)
    if held is None:
        return
    try:
        with renewed(held):
            work_on(held)
    except LeaseLost:
        return
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _give_up(held, OUR_FAULT)
        raise


def work_on(held: Lease) -> None:
    """Make what is held. Raises ``LeaseLost``."""
    if not access.still_ordered(held.pack):
        _give_up(held, RIGHT_ENDED)
        return
    with translation.override(held.pack.language), tempfile.TemporaryFile() as out:
        facts = facts_of(held.pack)
        told = {**stamps(facts.seats), **stamp_of(held.pack)}
        wanted = pieces(facts)
        held.total = len(wanted)
        pack_files(out, _made(held, wanted))
        _keep(held, out, told)


def _made(held: Lease, wanted: list[Piece]) -> Iterator[tuple[str, bytes]]:
    for piece in wanted:
        yield piece.name, piece.make()
        held.done += 1


def _keep(held: Lease, out: IO[bytes], told: dict[str, str]) -> None:
    """Store the archive, then say so; a worker that is late leaves nothing behind."""
    size, digest = _measured(out)
    pack = held.pack
    # With the token: two workers at once never write to one name.
    name = pack.file.storage.save(f"papers/{pack.pk}/{held.token}-{digest}.zip", File(out))
    try:
        before = _ready(held, name, size, digest, _listed(out), told)
    except BaseException:
        pack.file.storage.delete(name)
        raise
    if before and before != name:
        pack.file.storage.delete(before)


@transaction.atomic
def _ready(held: Lease, name: str, size: int, digest: str, papers: Any, told: dict[str, str]) -> str:
    pack = current(held)
    before = pack.file.name or ""
    pack.file.name, pack.size, pack.sha256 = name, size, digest
    pack.papers, pack.stamps = papers, told
    pack.made_at = timezone.now()
    pack.done = pack.total = held.total
    finish(pack, PackAction.FINISH)
    return before


def _measured(out: IO[bytes]) -> tuple[int, str]:
    out.seek(0)
    digest = hashlib.file_digest(out, "sha256").hexdigest()  # type: ignore[arg-type]
    size = out.tell()
    out.seek(0)
    return size, digest


def _listed(out: IO[bytes]) -> list[dict[str, Any]]:
    with zipfile.ZipFile(out) as archive:
        return [{"name": info.filename, "size": info.file_size} for info in archive.infolist()]


@transaction.atomic
def _give_up(held: Lease, why: Label) -> None:
    try:
        pack = current(held)
    except LeaseLost:
        return
    if why is OUR_FAULT:
        log.exception("papers %s failed", pack.pk)
    fail(pack, why)


def remove_old(*, before: Any) -> int:
    """Delete archives that were made before then; returns how many. The papers can be made again."""
    old = PaperPack.objects.filter(made_at__lt=before).exclude(file="")
    return sum(_remove(pack_id) for pack_id in list(old.values_list("pk", flat=True)))


@transaction.atomic
def _remove(pack_id: uuid.UUID) -> int:
    pack = PaperPack.objects.select_for_update().get(pk=pack_id)
    if pack.running or not pack.file:
        return 0
    pack.file.delete(save=False)
    pack.papers, pack.stamps = [], {}
    pack.save()
    return 1
