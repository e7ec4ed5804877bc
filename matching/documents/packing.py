"""Archives whose bytes depend on their content alone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

EPOCH = (1980, 1, 1, 0, 0, 0)


def entry(name: str) -> zipfile.ZipInfo:
    """A compressed entry without the hour at which it was written."""
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def pack(out: BinaryIO, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files into one archive as they come; only one of them is in memory. Returns how many."""
    count = 0
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            archive.writestr(entry(name), content)
            count += 1
    return count


def settled(archive: bytes) -> bytes:
    """The same archive without the hours of its entries, as word processors' files have them."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as source:
        pack(out, ((info.filename, source.read(info)) for info in source.infolist()))
    return out.getvalue()
