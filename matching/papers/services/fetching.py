"""Files of a pack that is ready; whoever fetches one has seen whom it names."""

from __future__ import annotations

import tempfile
import zipfile
from typing import IO, cast

from matching.disclosure.models import Part
from matching.disclosure.services import saw, saw_place
from matching.lists.models import DemandLine, SupplyLine
from matching.papers.models import PaperPack
from matching.papers.queries import shown_pairs
from matching.papers.queries.lists import lines_by_firm

_IN_MEMORY = 2**20


def archive(*, pack: PaperPack) -> IO[bytes]:
    """The whole archive, open. Raises FileNotFoundError. Side effect: the disclosure is noted."""
    opened = _opened(pack)
    _note(pack, whole=True)
    return opened


def one_file(*, pack: PaperPack, number: str) -> tuple[str, bytes] | None:
    """Name and content of a file by its place in ``papers``, from 0; None where there is no such.

    Raises FileNotFoundError. Side effect: the disclosure is noted.
    """
    held = {str(place): str(told["name"]) for place, told in enumerate(pack.held)}
    if number not in held:
        return None
    name = held[number]
    with _opened(pack) as file, zipfile.ZipFile(file) as stored:
        content = stored.read(name)
    _note(pack, whole=name.endswith(".xlsx"))
    return name.rpartition("/")[2], content


def _opened(pack: PaperPack) -> IO[bytes]:
    source = pack.file.open("rb")
    if source.seekable():
        return cast(IO[bytes], source)
    # From a storage that only streams, what reads an archive needs a copy.
    copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it.
    with source:
        copy.writelines(source.chunks())
    copy.seek(0)
    return cast(IO[bytes], copy)


def _note(pack: PaperPack, *, whole: bool) -> None:
    """Lines of the pairs with their contacts; of the whole lists how many of each firm."""
    for review in shown_pairs(pack.meeting):
        saw([review.demand, review.supply], Part.CONTACTS)
    if not whole:
        return
    for side, model in (("demand", DemandLine), ("supply", SupplyLine)):
        for firm, lines in lines_by_firm(pack, model):
            saw_place((firm, side, None, ""), lines=lines)
