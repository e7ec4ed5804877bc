"""Values of a workbook's sheets, read by calamine in a process of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from matching.sheets.reading.grid import Cell, Range
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.wording import refused

_SCRIPT = Path(__file__).with_name("isolated.py")
_BROKEN, _UNREADABLE, _PASSWORD = 1, 3, 4
"""Exit codes of the script; 1 is Python's own for a script that did not start."""

Sheets = dict[str, tuple[list[Range], list[list[Cell]]]]


def take_apart(data: bytes, names: Sequence[str] | None, limits: Limits) -> Sheets:
    """Merged ranges and rows of the sheets with these ``names`` (None: all). Raises ``SheetRefused``."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        given.write(data)
        given.seek(0)
        _run(given, out, names, limits)
        out.seek(0)
        return _collected(out, limits)


def _run(given: IO[bytes], out: IO[bytes], names: Sequence[str] | None, limits: Limits) -> None:
    command = [sys.executable, "-I", str(_SCRIPT), str(limits.memory), str(math.ceil(limits.seconds))]
    try:
        done = subprocess.run(
            [*command, json.dumps(names)],
            stdin=given,
            stdout=out,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refused("too_much") from error
    if done.returncode == _BROKEN:
        raise RuntimeError(f"{_SCRIPT.name} does not run with {sys.executable}")
    if done.returncode == _PASSWORD:
        raise refused("encrypted")
    if done.returncode:
        # A file that is broken, or one that asked for more than it was given.
        raise refused("damaged" if done.returncode == _UNREADABLE else "too_much")


def _collected(out: IO[bytes], limits: Limits) -> Sheets:
    sheets: Sheets = {}
    rows: list[list[Cell]] = []
    size = 0
    for line in out:
        size += len(line)
        if size > limits.text * 3:
            raise refused("too_much")
        read: Any = json.loads(line)
        if isinstance(read, dict):
            rows = []
            sheets[read["sheet"]] = ([tuple(merge) for merge in read["merges"]], rows)
        else:
            if b'{"' in line:
                read = [_untagged(cell) for cell in read]
            rows.append(read)
    return sheets


def _untagged(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]
    [(kind, value)] = cell.items()
    match kind:
        case "datetime":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
    return timedelta(seconds=value)
