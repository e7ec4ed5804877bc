"""Takes a workbook apart in a process of its own, with bounded memory and time.

A hostile file may make a parser ask for more memory than there is, which ends the process that it runs in;
so it never runs in a web or worker process. Started as a script: nothing of this program is imported.
Standard input is the file; arguments are bytes of memory, seconds, and the names of the sheets as JSON.
A line of output is JSON: the name of a sheet with its merged ranges, then its rows.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import resource
import sys
from typing import Any

import python_calamine


def main() -> int:
    """Read standard input, write standard output; 3 is a file that cannot be read, 4 one with a
    password."""
    memory, seconds, names = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
    _bound(resource.RLIMIT_AS, memory)
    _bound(resource.RLIMIT_CPU, seconds)
    _bound(resource.RLIMIT_CORE, 0)
    try:
        book = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        for name in book.sheet_names if names is None else names:
            _write(book.get_sheet_by_name(name))
    except python_calamine.PasswordError:
        return 4
    except MemoryError:
        return 5
    except BaseException:  # A panic of the parser is no Exception.
        return 3
    sys.stdout.flush()
    return 0


def _bound(what: int, limit: int) -> None:
    """Some systems do not bound memory, and a limit that is lower already stays."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (limit, limit))


def _write(sheet: Any) -> None:
    write, dumps = sys.stdout.write, json.dumps
    merges = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
    write(dumps({"sheet": sheet.name, "merges": merges}) + "\n")
    lead = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        write(dumps(lead + row, default=_tagged, ensure_ascii=False) + "\n")


def _tagged(value: Any) -> dict[str, str | float]:
    if isinstance(value, datetime.timedelta):
        return {"timedelta": value.total_seconds()}
    return {type(value).__name__: value.isoformat()}


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
