"""One start at a time; the second one learns the first one's address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chainmatch.embedded.lock import DataLock, Holder

HOLD_FOR_A_DEAD_ONE = """
import sys
from pathlib import Path
from chainmatch.embedded.lock import DataLock, Holder
lock = DataLock(Path(sys.argv[1]))
assert lock.acquire(wait=0.0)
lock.write(Holder(int(sys.argv[2])))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_start_is_told_who_runs(tmp_path: Path) -> None:
    first, second = DataLock(tmp_path), DataLock(tmp_path)
    assert first.acquire(wait=0.0)
    first.write(Holder(1, "http://127.0.0.1:8000/"))
    assert not second.acquire(wait=60.0)
    assert second.holder() == Holder(1, "http://127.0.0.1:8000/")
    first.release()
    assert second.acquire(wait=0.0)
    second.release()


def test_a_start_waits_while_a_killed_one_is_cleared_up_after(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    clearing = subprocess.Popen(
        [sys.executable, "-c", HOLD_FOR_A_DEAD_ONE, str(tmp_path), str(ended.pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert clearing.stdout is not None
    assert clearing.stdin is not None
    assert clearing.stdout.readline() == b"held\n"
    lock = DataLock(tmp_path)
    assert not lock.acquire(wait=0.0)
    clearing.stdin.close()
    assert lock.acquire(wait=60.0)
    lock.release()
    clearing.stdout.close()
    clearing.wait()


def test_a_half_written_lock_names_nobody(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    assert lock.holder() is None
    lock.release()
