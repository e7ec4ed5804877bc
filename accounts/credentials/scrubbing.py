"""Lines of logs without secrets, wherever they came from: a message, its arguments, a traceback."""

from __future__ import annotations

import logging
import re

from accounts.credentials.secrets import Kind

_OURS = re.compile(rf"({'|'.join(Kind)})\w+")
_HEADER = re.compile(r"(?i)\b(bearer|basic|token)(['\"]?[ :=]+['\"]?)(?=[\w+/=.~-]{16})[\w+/=.~-]+")


def scrubbed(text: str) -> str:
    """The text without what opens anything."""
    return _HEADER.sub(r"\1\2***", _OURS.sub(r"\1***", text))


class Formatter(logging.Formatter):
    """Formats as usual and scrubs the result."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to write."""
        return scrubbed(super().format(record))
