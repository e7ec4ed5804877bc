"""Ends what a killed parent left running. Runs as a script of its own, with the standard library only.

The parent writes one JSON message a line to standard input: ``watch`` a process group, ``forget`` it,
or ``remove`` a folder in the end. When the pipe closes, the parent has ended, be it by ``kill -9``:
whatever is still watched is asked to stop in reverse order of its start, killed after its grace,
and the folders are removed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.05


def group_alive(group: int) -> bool:
    """Tell whether the process group has a member that is not a zombie."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    processes = Path("/proc")
    if not (processes / "self/stat").exists():
        return True
    return any(_lives_in(entry, group) for entry in processes.iterdir() if entry.name.isdigit())


def _lives_in(process: Path, group: int) -> bool:
    try:
        state, _parent, process_group = process.joinpath("stat").read_text().rpartition(")")[2].split()[:3]
    except (OSError, ValueError):
        return False
    return int(process_group) == group and state not in "ZX"


def end_group(group: int, stop_signal: int, grace: float) -> None:
    """Signal the leader, wait up to ``grace`` seconds for the whole group, then kill it."""
    _send(os.kill, group, stop_signal)
    deadline = time.monotonic() + grace
    while group_alive(group) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    _send(os.killpg, group, signal.SIGKILL)


def _send(send: Callable[[int, int], None], target: int, stop_signal: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        send(target, stop_signal)


def main() -> None:
    """Read messages until the parent ends, then clear up."""
    for harmless in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(harmless, signal.SIG_IGN)
    watched: dict[int, tuple[int, float]] = {}
    folders: list[str] = []
    for line in sys.stdin:
        message = json.loads(line)
        if message["do"] == "watch":
            watched[message["group"]] = (message["signal"], message["grace"])
        elif message["do"] == "forget":
            watched.pop(message["group"], None)
        else:
            folders.append(message["path"])
    for group, (stop_signal, grace) in reversed(watched.items()):
        end_group(group, stop_signal, grace)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
