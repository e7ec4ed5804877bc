"""Lines of logs without secrets, wherever they came from: a message, its arguments, a traceback."""

from __future__ import annotations

import logging
import re

from accounts.credentials.secrets import Kind

_OURS = re.compile(rf"({'|'.join(Kind)})\w+")
_HEADER = re.compile(r"(?i)\b(bearer|basic|token)(['\"]?[ :=]+['\"]?)(?=[\w+/=.~-]{16})[\w+/=.~-]+")
_RESET = re.compile(r"\b\w+-[0-9a-z]{6,7}-[0-9a-f]{32}\b")
"""Links for a new password, as Django makes them; what follows are signed links with their time."""
_SIGNED = re.compile(r"[\w-]+(:|%3A)\w{6}(:|%3A)[\w-]{43}", re.IGNORECASE)


def scrubbed(text: str) -> str:
    """The text without what opens anything."""
    without_links = _SIGNED.sub("***", _RESET.sub("***", text))
    return _HEADER.sub(r"\1\2***", _OURS.sub(r"\1***", without_links))


class Formatter(logging.Formatter):
    """Formats as usual and scrubs the result."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to write."""
        return scrubbed(super().format(record))
