"""What the person sees: five stages, as a live display on a terminal and as plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

STAGES = ("set-up", "database", "sample", "matching", "ready")
PLAIN_STEP = 10  # per cent between two plain progress lines


class Screen(Protocol):
    """Shows one stage after the other."""

    def begin(self, stage: str) -> None:
        """Go on to this stage; the one before is done."""

    def note(self, text: str) -> None:
        """Say what is being done in the stage."""

    def progress(self, done: int, total: int) -> None:
        """Show how much of the stage is done."""

    def message(self, text: str) -> None:
        """Print something that stays."""

    def finish(self) -> None:
        """All stages are done."""

    def close(self) -> None:
        """Stop drawing; calling it again does no harm."""


class PlainScreen:
    """One line for each thing said."""

    def __init__(self) -> None:
        self._stage = ""
        self._shown = 0
        self._started = time.monotonic()

    def begin(self, stage: str) -> None:
        """Go on to this stage."""
        self._stage = stage

    def note(self, text: str) -> None:
        """Say what is being done."""
        self._shown = 0
        self._line(text)

    def progress(self, done: int, total: int) -> None:
        """Print every tenth part."""
        percent = 100 * done // total if total else 100
        if percent // PLAIN_STEP > self._shown:
            self._shown = percent // PLAIN_STEP
            self._line(f"{done} of {total}")

    def message(self, text: str) -> None:
        """Print a line."""
        print(text, flush=True)

    def finish(self) -> None:
        """Say how long it took."""
        self._line(f"after {time.monotonic() - self._started:.0f} s")

    def close(self) -> None:
        """Nothing is drawn."""

    def _line(self, text: str) -> None:
        self.message(f"[{STAGES.index(self._stage) + 1}/{len(STAGES)}] {self._stage}: {text}")


class RichScreen:
    """A live display with a bar for each stage."""

    def __init__(self) -> None:
        self._display = Progress(
            SpinnerColumn(finished_text="[green]✔[/]"),
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=24),
            TextColumn("[dim]{task.fields[note]}"),
            TimeElapsedColumn(),
            console=Console(),
        )
        self._tasks = {
            stage: self._display.add_task(stage, start=False, total=None, note="") for stage in STAGES
        }
        self._current: TaskID | None = None
        self._display.start()

    def begin(self, stage: str) -> None:
        """Complete the stage before and start this one's clock."""
        self._complete()
        self._current = self._tasks[stage]
        self._display.start_task(self._current)

    def note(self, text: str) -> None:
        """Show the words beside the bar; a bar of the step before starts anew."""
        if self._current is not None:
            self._display.update(self._current, note=text, total=None, completed=0)

    def progress(self, done: int, total: int) -> None:
        """Fill the bar; a full one is completed by the next stage only."""
        if self._current is not None:
            self._display.update(self._current, completed=min(done, total - 0.01), total=max(total, 1))

    def message(self, text: str) -> None:
        """Print above the display."""
        self._display.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def finish(self) -> None:
        """Complete the last stage."""
        self._complete()
        self.close()

    def close(self) -> None:
        """Leave the display as it stands."""
        self._display.stop()

    def _complete(self) -> None:
        if self._current is not None:
            self._display.update(self._current, note="", total=1, completed=1)
            self._display.stop_task(self._current)


def make_screen() -> Screen:
    """A live display on a terminal, plain lines elsewhere."""
    return RichScreen() if sys.stdout.isatty() else PlainScreen()
