"""Zip packages, opened with suspicion: sizes are checked in the directory and again while unpacking."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from matching.sheets.reading.limits import SMALL_PART, Limits
from matching.sheets.reading.wording import refused

_CHUNK = 65_536
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class Package:
    """The parts of a zip file by name."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (*_DAMAGED, RuntimeError, UnicodeDecodeError) as error:
            raise refused("damaged") from error
        self._check(self._zip.infolist())
        self.names = {info.filename for info in self._zip.infolist()}

    def _check(self, entries: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(entries) > limits.entries:
            raise refused("too_much")
        # Two parts of one name: readers disagree about which of them counts.
        if len({info.filename.lower() for info in entries}) < len(entries):
            raise refused("damaged")
        if sum(info.file_size for info in entries) > limits.uncompressed:
            raise refused("expands")
        for info in entries:
            if info.flag_bits & 1:
                raise refused("encrypted")
            if info.file_size > SMALL_PART and info.file_size > limits.ratio * max(info.compress_size, 1):
                raise refused("expands")

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece. Raises ``SheetRefused`` where it is broken or grows beyond the limits."""
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK):
                    self._unpacked += len(chunk)
                    # Parts are read at most twice.
                    if self._unpacked > 2 * self._limits.uncompressed:
                        raise refused("expands")
                    yield chunk
        except (*_DAMAGED, RuntimeError, KeyError) as error:
            raise refused("damaged") from error

    def read(self, name: str) -> bytes:
        """A small part as a whole."""
        parts: list[bytes] = []
        size = 0
        for chunk in self.chunks(name):
            size += len(chunk)
            if size > 16 * SMALL_PART:
                raise refused("too_much")
            parts.append(chunk)
        return b"".join(parts)

    def parse(self, name: str, parser: expat.XMLParserType) -> None:
        """Feed a part to a parser that refuses DTDs. Raises ``SheetRefused``."""
        harden(parser)
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, RecursionError) as error:
            raise refused("damaged") from error


def harden(parser: expat.XMLParserType) -> None:
    """No document type, hence no entities: no workbook of good faith has one."""

    def refuse(*_declaration: object) -> None:
        raise refused("active_content")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True


def local(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]
