"""The workbook stream of an .xls file, found in its compound document (MS-CFB)."""

from __future__ import annotations

import struct

from matching.sheets.reading.wording import refused

_FREE = 0xFFFFFFFA
"""Sector numbers from here on mean an end, not a sector."""
_ENTRY = 128
_MINI_CUTOFF = 4096


def streams(data: bytes) -> dict[str, bytes]:
    """Every stream of the document by its name; names are in lower case. Raises ``SheetRefused``."""
    try:
        return _Compound(data).streams()
    except (struct.error, IndexError, ValueError) as error:
        raise refused("damaged") from error


class _Compound:
    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError
        self.size = 1 << shift
        self.directory, self.mini_start = struct.unpack_from("<I8xI", data, 48)
        self.fat = self._fat()
        self.mini_fat: list[int] = []
        self.mini = b""

    def _fat(self) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        (further,) = struct.unpack_from("<I", self.data, 68)
        seen: set[int] = set()
        while further < _FREE:
            if further in seen:
                raise ValueError
            seen.add(further)
            numbers = struct.unpack_from(f"<{self.size // 4}I", self._sector(further))
            sectors += numbers[:-1]
            further = numbers[-1]
        fat: list[int] = []
        for number in sectors:
            if number < _FREE:
                fat += struct.unpack(f"<{self.size // 4}I", self._sector(number))
        return fat

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        found = self.data[start : start + self.size]
        if not found:
            raise ValueError
        return found.ljust(self.size, b"\0")

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        # No chain is longer than the file: one that is runs in a circle.
        while number < _FREE:
            if len(parts) * self.size > len(self.data):
                raise ValueError
            parts.append(self._sector(number))
            number = self.fat[number]
        return b"".join(parts)

    def _mini_chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < _FREE:
            if len(parts) * 64 > len(self.data):
                raise ValueError
            parts.append(self.mini[number * 64 : number * 64 + 64])
            number = self.mini_fat[number]
        return b"".join(parts)

    def streams(self) -> dict[str, bytes]:
        directory = self._chain(self.directory)
        entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
        if not entries:
            raise ValueError
        table = self._chain(self.mini_start) if self.mini_start < _FREE else b""
        self.mini_fat = list(struct.unpack(f"<{len(table) // 4}I", table))
        (root,) = struct.unpack_from("<I", entries[0], 116)
        self.mini = self._chain(root) if root < _FREE else b""
        found: dict[str, bytes] = {}
        for entry in entries:
            (length,) = struct.unpack_from("<H", entry, 64)
            start, size = struct.unpack_from("<II", entry, 116)
            if entry[66] != 2 or not 2 <= length <= 64:
                continue
            name = entry[: length - 2].decode("utf-16-le", "replace").lower()
            # Only workbooks are worth following; the other names alone say what a document is.
            wanted = name in ("workbook", "book")
            content = (self._mini_chain if size < _MINI_CUTOFF else self._chain)(start) if wanted else b""
            found[name] = content[:size]
        return found
