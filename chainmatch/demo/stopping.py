"""Ctrl-C, SIGTERM and a closed terminal, turned into a question that the work asks between its steps."""

from __future__ import annotations

import signal
import time
from types import FrameType

POLL_SECONDS = 0.2


class StopSwitch:
    """Remembers that somebody asked to stop."""

    def __init__(self) -> None:
        self.pressed = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._press)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it on purpose
            signal.signal(signal.SIGHUP, self._press)

    def _press(self, _number: int, _frame: FrameType | None) -> None:
        self.pressed = True

    def wait(self) -> bool:
        """Rest for a moment; tell whether to stop."""
        if not self.pressed:
            time.sleep(POLL_SECONDS)
        return self.pressed
