"""One start at a time in one data folder."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

CLEARING_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock: process id and, once it serves, its address."""

    pid: int
    address: str = ""


class DataLock:
    """An advisory lock on ``DATA/demo.lock`` that the kernel gives back when its holders end.

    The undertaker inherits it, so that a new start waits until a killed one is cleared up.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / "demo.lock"
        self.descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def acquire(self, wait: float) -> bool:
        """Take the lock; wait up to ``wait`` seconds where a killed holder is still cleared up after."""
        deadline = time.monotonic() + wait
        while not self._try():
            holder = self.holder()
            if time.monotonic() >= deadline or (holder is not None and _runs(holder.pid)):
                return False
            time.sleep(0.1)
        return True

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.write(Holder(os.getpid()))
        return True

    def write(self, holder: Holder) -> None:
        """Tell others who holds the lock."""
        text = json.dumps({"pid": holder.pid, "address": holder.address})
        os.pwrite(self.descriptor, text.encode().ljust(200) + b"\n", 0)

    def holder(self) -> Holder | None:
        """Who holds it, or None where nobody has written yet."""
        try:
            found = json.loads(self._path.read_text())
            return Holder(int(found["pid"]), str(found["address"]))
        except (OSError, ValueError, KeyError):
            return None

    def release(self) -> None:
        """Give the lock back."""
        os.close(self.descriptor)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
