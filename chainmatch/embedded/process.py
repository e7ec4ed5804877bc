"""Child processes that never outlive their parent.

Each child leads a session of its own. Two nets catch it when the parent is killed: the kernel sends
its stop signal (``PR_SET_PDEATHSIG``, Linux), and the undertaker ends the whole group, so that
children of children are gone as well.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from chainmatch.embedded import undertaker

PR_SET_PDEATHSIG = 1
LARGE_LOG_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class RunAs:
    """Under which identity a program runs: ids to take on, or a command to put before it."""

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()


AS_WE_ARE = RunAs()


@dataclass(frozen=True, slots=True)
class Command:
    """A long-running program and how it is asked to stop.

    ``grace`` is how long it may take in seconds, ``orphan_grace`` when its parent was killed.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    orphan_grace: float = 2.0
    run_as: RunAs = AS_WE_ARE


class Undertaker:
    """The parent's end of the pipe to ``undertaker.py``."""

    def __init__(self, inherit: Sequence[int] = ()) -> None:
        """Start it; file descriptors in ``inherit`` stay open until it has cleared up."""
        reading, self._pipe = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", undertaker.__file__],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=tuple(inherit),
            cwd="/",
        )
        os.close(reading)

    def watched(self, stop_signal: signal.Signals, grace: float) -> Callable[[], None]:
        """For ``preexec_fn``: the new process hands in its own group, before the program begins.

        No moment is left in which the parent could be killed with the child unknown.
        """
        pipe = self._pipe

        def hand_in() -> None:
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
            _say(pipe, {"do": "watch", "group": os.getpid(), "signal": int(stop_signal), "grace": grace})
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)

        return hand_in

    def forget(self, group: int) -> None:
        """The parent has ended this group itself."""
        _say(self._pipe, {"do": "forget", "group": group})

    def remove(self, folder: Path) -> None:
        """Remove this folder in the end."""
        _say(self._pipe, {"do": "remove", "path": str(folder)})

    def close(self) -> None:
        """Let it clear up now and wait for it."""
        os.close(self._pipe)
        self._process.wait()


def _say(pipe: int, message: Mapping[str, object]) -> None:
    with suppress(BrokenPipeError):
        os.write(pipe, json.dumps(message).encode() + b"\n")


class Child:
    """A started ``Command``."""

    def __init__(self, command: Command, watcher: Undertaker) -> None:
        self.command = command
        self._watcher = watcher
        with _open_log(command.log) as log:
            self._process = popen(
                command.run_as.prefix + command.arguments,
                environment=command.environment,
                folder=command.folder,
                output=log,
                stop_signal=command.stop_signal,
                watcher=watcher,
                orphan_grace=command.orphan_grace,
                run_as=command.run_as,
            )

    @property
    def pid(self) -> int:
        """Process id, and id of the process group that it leads."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Exit code as ``subprocess`` gives it, or None while it runs."""
        return self._process.poll()

    def kill(self) -> None:
        """End the whole group at once, as ``kill -9`` does."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._watcher.forget(self.pid)

    def stop(self) -> None:
        """Ask it to stop; after its grace the whole group is killed."""
        if self.exit_code() is None:
            self._process.send_signal(self.command.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.command.grace)
        self.kill()

    def last_words(self, lines: int = 8) -> str:
        """The end of its log, for a message."""
        text = self.command.log.read_text(errors="replace") if self.command.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def popen(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    output: int | IO[bytes],
    stop_signal: signal.Signals,
    watcher: Undertaker,
    orphan_grace: float,
    run_as: RunAs = AS_WE_ARE,
) -> subprocess.Popen[bytes]:
    """Start a program in its own session; it gets ``stop_signal`` when this process ends.

    The ``watcher`` kills what is left of the session ``orphan_grace`` seconds later.

    Call it from the main thread: the kernel ties the signal to the thread that started the child.
    """
    return subprocess.Popen(
        list(arguments),
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=run_as.uid,
        group=run_as.gid,
        extra_groups=None if run_as.gid is None else [],
        preexec_fn=guard(stop_signal, watcher, orphan_grace),
    )


def end(process: subprocess.Popen[bytes], grace: float, *, whole_group: bool = True) -> None:
    """End a process in order, else by force; with it the rest of the group that it leads."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    with suppress(ProcessLookupError):
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.kill()
    process.wait()


def guard(stop_signal: signal.Signals, watcher: Undertaker, orphan_grace: float) -> Callable[[], None]:
    """For ``preexec_fn`` of a process that leads its own session: both nets."""
    hand_in = watcher.watched(stop_signal, orphan_grace)
    set_death_signal = death_signal_setter(stop_signal)

    def before_program() -> None:
        hand_in()
        if set_death_signal is not None:
            set_death_signal()

    return before_program


def follow_parent() -> None:
    """Get SIGTERM when the process that started this one ends (Linux; elsewhere nothing happens)."""
    parent = os.getppid()
    set_death_signal = death_signal_setter(signal.SIGTERM)
    if set_death_signal is None:
        return
    set_death_signal()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


@cache
def death_signal_setter(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """For ``preexec_fn``: the child gets ``stop_signal`` when this process ends (Linux; else None)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    number = int(stop_signal)

    def set_death_signal() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)

    return set_death_signal


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGE_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")
