"""A step shows its progress, returns its output, and fails with the end of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chainmatch.demo.checks import StartError
from chainmatch.demo.run import Stopped
from chainmatch.demo.steps import Step
from chainmatch.embedded.process import Undertaker


@pytest.fixture
def watcher() -> Iterator[Undertaker]:
    """An undertaker that is closed afterwards."""
    started = Undertaker()
    yield started
    started.close()


def step(script: str, log: Path, watcher: Undertaker) -> Step:
    """A Python one-liner as a step."""
    return Step([sys.executable, "-c", script], {"PYTHONUTF8": "1"}, log, watcher)


def test_progress_lines_move_the_bar_and_stay_out_of_the_output(tmp_path: Path, watcher: Undertaker) -> None:
    script = "print('PROGRESS 1 2'); print('角色 | 账号'); print('PROGRESS 2 2'); print('last', end='')"
    seen: list[tuple[int, int]] = []
    output = step(script, tmp_path / "log", watcher).run(
        on_progress=lambda done, total: seen.append((done, total)), between=lambda: None
    )
    assert seen == [(1, 2), (2, 2)]
    assert output == "角色 | 账号\nlast"
    assert "PROGRESS 2 2" in (tmp_path / "log").read_text()


def test_a_failure_shows_the_end_of_the_output_and_the_log(tmp_path: Path, watcher: Undertaker) -> None:
    failing = step("print('this is why'); raise SystemExit(4)", tmp_path / "log", watcher)
    with pytest.raises(StartError, match=r"(?s)exit code 4\), see .*log:.*this is why"):
        failing.run(on_progress=lambda *_: None, between=lambda: None)


def test_a_full_disk_is_told_as_such(tmp_path: Path, watcher: Undertaker) -> None:
    failing = step(
        "import os, errno; raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))", tmp_path / "log", watcher
    )
    with pytest.raises(StartError, match="The disk is full"):
        failing.run(on_progress=lambda *_: None, between=lambda: None)


def test_a_stop_ends_the_step(tmp_path: Path, watcher: Undertaker) -> None:
    def stop_once_it_runs() -> None:
        if "running" in (tmp_path / "log").read_text():
            raise Stopped

    endless = step("import signal; print('running', flush=True); signal.pause()", tmp_path / "log", watcher)
    with pytest.raises(Stopped):
        endless.run(on_progress=lambda *_: None, between=stop_once_it_runs)
