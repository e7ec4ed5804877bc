"""Programs that end are started again, more and more slowly, and all stop in reverse order."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from chainmatch.demo.supervisor import Supervisor, ending, pause
from chainmatch.embedded.process import Child, Command, Undertaker


@pytest.fixture
def watcher() -> Iterator[Undertaker]:
    """An undertaker that is closed afterwards."""
    started = Undertaker()
    yield started
    started.close()


class Clock:
    """Seconds that pass when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def command(folder: Path, script: str, name: str = "program") -> Command:
    """A shell script as a program."""
    return Command(
        name=name,
        arguments=("/bin/sh", "-c", script),
        environment={"PATH": os.defpath},
        log=folder / f"{name}.log",
        folder=folder,
    )


def wait_for_end(child: Child) -> None:
    """Return when the process has ended, without taking its exit code away."""
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)


def test_an_ended_program_starts_again_after_its_pause(tmp_path: Path, watcher: Undertaker) -> None:
    clock, warnings = Clock(), list[str]()
    supervisor = Supervisor(watcher, warnings.append, clock)
    first = Child(command(tmp_path, "echo started; [ -e again ] && exec cat fifo; exit 3"), watcher)
    os.mkfifo(tmp_path / "fifo")
    supervisor.adopt(first)
    wait_for_end(first)
    (tmp_path / "again").touch()

    supervisor.look()
    assert "program ended with exit code 3; starting it again in 1 s" in warnings[0]
    supervisor.look()
    assert first.last_words() == "started"

    clock.now = 1.0
    supervisor.look()
    with (tmp_path / "fifo").open("w"):  # opens once the second one reads
        supervisor.stop()
    assert first.last_words() == "started\nstarted"


def test_a_program_that_never_stays_up_is_hopeless(tmp_path: Path, watcher: Undertaker) -> None:
    clock = Clock()
    supervisor = Supervisor(watcher, lambda _: None, clock)
    os.mkfifo(tmp_path / "ended")
    supervisor.start(command(tmp_path, "echo no use"))
    for failure in range(1, 4):
        assert supervisor.hopeless() is None
        wait_for_end(supervisor._watched[0].child)
        supervisor.look()
        clock.now += pause(failure)
        supervisor.look()
    lost = supervisor.hopeless()
    assert lost is not None
    assert lost.command.name == "program"
    supervisor.stop()


def test_the_last_started_stops_first(tmp_path: Path, watcher: Undertaker) -> None:
    supervisor = Supervisor(watcher, lambda _: None, Clock())
    os.mkfifo(tmp_path / "ready")
    for name in ("first", "second"):
        script = f"trap 'echo {name} >> order; exit' TERM; echo > ready; while :; do read x < never; done"
        os.mkfifo(tmp_path / "never") if name == "first" else None
        supervisor.start(command(tmp_path, script, name))
        (tmp_path / "ready").read_text()
    supervisor.stop()
    assert (tmp_path / "order").read_text() == "second\nfirst\n"


def test_pauses_double_up_to_a_limit() -> None:
    assert [pause(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_endings_are_told_in_words() -> None:
    assert ending(2) == "ended with exit code 2"
    assert ending(-signal.SIGKILL) == "was ended by SIGKILL"
