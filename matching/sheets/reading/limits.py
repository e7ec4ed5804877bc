"""How much of a file is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one workbook; beyond them it is refused before it is taken apart.

    ``bytes`` is the file as it came, ``uncompressed`` what its parts may grow to; ``cells`` counts cells with
    something in them over all sheets, ``text`` their characters, ``free_text`` those of
    technical values that the engine has to make out; ``seconds`` and ``memory`` (bytes) bound the
    process that takes the file apart.
    """

    bytes: int = 30 * 2**20
    rows: int = 50_000
    columns: int = 256
    cells: int = 2_000_000
    uncompressed: int = 250 * 2**20
    ratio: int = 200
    entries: int = 2_000
    sheets: int = 60
    merges: int = 100_000
    cell_text: int = 32_767
    text: int = 60_000_000
    free_text: int = 350_000
    seconds: float = 9.0
    memory: int = 420 * 2**20


DEFAULT = Limits()
SMALL_PART = 2**20
"""Parts below this may shrink as far as they like: a sheet of equal cells does."""
