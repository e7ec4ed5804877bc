"""Management commands that run to their end, with their progress on the screen."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chainmatch.demo.checks import StartError
from chainmatch.demo.programs import PROJECT
from chainmatch.embedded.errors import OUT_OF_SPACE
from chainmatch.embedded.process import Undertaker, end, popen

PROGRESS = re.compile(r"PROGRESS (\d+) (\d+)")
WAIT_SECONDS = 0.2
SHOWN_LINES = 15
STOP_SECONDS = 5.0


class Step:
    """One command; its output goes to a log and, line by line, to whoever listens."""

    def __init__(
        self, arguments: Sequence[str], variables: Mapping[str, str], log: Path, watcher: Undertaker
    ) -> None:
        self._arguments = arguments
        self._variables = variables
        self._log = log
        self._watcher = watcher

    def run(self, *, on_progress: Callable[[int, int], None], between: Callable[[], None]) -> str:
        """Run to the end and return the output; ``between`` is called a few times a second and may raise.

        Raises ``StartError`` with the end of the output where the command fails.
        """
        process = popen(
            self._arguments,
            environment=self._variables,
            folder=PROJECT,
            output=subprocess.PIPE,
            stop_signal=signal.SIGTERM,
            watcher=self._watcher,
            orphan_grace=STOP_SECONDS,
        )
        try:
            output = self._follow(process, on_progress, between)
        finally:
            end(process, STOP_SECONDS)
            assert process.stdout is not None
            process.stdout.close()
            self._watcher.forget(process.pid)
        if process.returncode != 0:
            raise StartError(self._failure(process.returncode, output))
        return output

    def _follow(
        self,
        process: subprocess.Popen[bytes],
        on_progress: Callable[[int, int], None],
        between: Callable[[], None],
    ) -> str:
        assert process.stdout is not None
        pending = b""
        lines: list[str] = []
        with self._log.open("ab") as log:
            while True:
                between()
                if not select.select([process.stdout], [], [], WAIT_SECONDS)[0]:
                    continue
                chunk = os.read(process.stdout.fileno(), 65536)
                log.write(chunk)
                log.flush()
                *complete, pending = (pending + chunk).split(b"\n")
                if not chunk:
                    complete = [pending]
                for line in complete:
                    _hear(line.decode(errors="replace"), lines, on_progress)
                if not chunk:
                    return "\n".join(lines).rstrip()

    def _failure(self, exit_code: int, output: str) -> str:
        if OUT_OF_SPACE in output:
            return f"The disk is full ({' '.join(self._arguments[1:])}). Free some space and start again."
        end = "\n".join(deque(output.splitlines(), SHOWN_LINES))
        return f"{' '.join(self._arguments[1:])} failed (exit code {exit_code}), see {self._log}:\n{end}"


def _hear(line: str, lines: list[str], on_progress: Callable[[int, int], None]) -> None:
    found = PROGRESS.fullmatch(line.strip())
    if found is None:
        lines.append(line)
    else:
        on_progress(int(found.group(1)), int(found.group(2)))
