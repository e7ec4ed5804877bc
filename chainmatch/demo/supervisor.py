"""Keeps the started programs running and stops them in reverse order."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from chainmatch.embedded.process import Child, Command, Undertaker

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
HOPELESS = 3


@dataclass(slots=True)
class Watched:
    """One program: its child while it runs, else the moment of its next start."""

    child: Child
    started: float
    failures: int = 0
    next_start: float | None = None


def pause(failures: int) -> float:
    """Seconds before the next start after so many failures in a row."""
    return min(FIRST_PAUSE * 2.0 ** (failures - 1), LONGEST_PAUSE)


def ending(exit_code: int) -> str:
    """How a program ended, in words."""
    if exit_code >= 0:
        return f"ended with exit code {exit_code}"
    return f"was ended by {signal.Signals(-exit_code).name}"


class Supervisor:
    """Starts programs again when they end by themselves; the clock is handed in (monotonic seconds)."""

    def __init__(self, watcher: Undertaker, warn: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._watcher = watcher
        self._warn = warn
        self._clock = clock
        self._watched: list[Watched] = []

    def adopt(self, child: Child) -> None:
        """Watch a child that runs already."""
        self._watched.append(Watched(child, self._clock()))

    def start(self, command: Command) -> None:
        """Start a program and watch it."""
        self.adopt(Child(command, self._watcher))

    def look(self) -> None:
        """Warn about what has ended and start again what is due."""
        for watched in self._watched:
            if watched.next_start is not None:
                self._start_again(watched)
            elif (exit_code := watched.child.exit_code()) is not None:
                self._note_end(watched, exit_code)

    def hopeless(self) -> Child | None:
        """A program that ended several times in a row right after its start."""
        return next((w.child for w in self._watched if w.failures >= HOPELESS), None)

    def stop(self) -> None:
        """Stop everything, the last started first."""
        while self._watched:
            self._watched.pop().child.stop()

    def _note_end(self, watched: Watched, exit_code: int) -> None:
        watched.child.kill()  # what the program has left of its group
        steady = self._clock() - watched.started > STEADY_SECONDS
        watched.failures = 1 if steady else watched.failures + 1
        wait = pause(watched.failures)
        watched.next_start = self._clock() + wait
        command = watched.child.command
        self._warn(
            f"{command.name} {ending(exit_code)}; starting it again in {wait:.0f} s (log: {command.log})"
        )

    def _start_again(self, watched: Watched) -> None:
        assert watched.next_start is not None
        if self._clock() < watched.next_start:
            return
        watched.child = Child(watched.child.command, self._watcher)
        watched.started = self._clock()
        watched.next_start = None
