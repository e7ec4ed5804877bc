"""Nothing outlives a killed parent, grandchildren included."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import PROJECT

PARENT = """
import os, signal, sys
from pathlib import Path
from chainmatch.embedded.process import Child, Command, Undertaker
folder = Path(sys.argv[1])
watcher = Undertaker()
watcher.remove(folder / "temporary")
shell = ("/bin/sh", "-c", sys.argv[2])
Child(Command("program", shell, {"PATH": os.defpath}, folder / "log", folder, orphan_grace=1.0), watcher)
signal.pause()
"""
DIES_ALONE = "exec 9>alive; echo up >&9; exec cat never"
LEAVES_A_CHILD = "exec 9>alive; (trap '' TERM; exec cat never) & echo up >&9; wait"
IGNORES = "exec 9>alive; trap '' TERM; echo up >&9; cat never"


@pytest.mark.parametrize("script", [DIES_ALONE, LEAVES_A_CHILD, IGNORES])
def test_kill_minus_nine_leaves_no_process_and_no_folder(tmp_path: Path, script: str) -> None:
    os.mkfifo(tmp_path / "alive")
    os.mkfifo(tmp_path / "never")
    (tmp_path / "temporary").mkdir()
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path), script], cwd=PROJECT)
    with (tmp_path / "alive").open() as alive:
        assert alive.readline() == "up\n"
        undertaker = _only_child_named(parent.pid, "undertaker.py")
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert alive.read() == ""  # ends when the last holder of the pipe has ended
    _wait_for(undertaker)
    assert not (tmp_path / "temporary").exists()


def _only_child_named(parent: int, word: str) -> int:
    """File descriptor of that child."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    named = [int(pid) for pid in children if word in Path(f"/proc/{pid}/cmdline").read_text()]
    assert len(named) == 1
    return os.pidfd_open(named[0])


def _wait_for(process: int) -> None:
    select.select([process], [], [])
    os.close(process)
