"""gunicorn's log of requests without links that open something (``--logger-class``)."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger as Plain

from accounts.credentials.scrubbing import scrubbed

ADDRESSES = ("r", "U", "q", "f")
"""Request line, path, query, referring page: gunicorn's names."""


class Logger(Plain):  # type: ignore[misc]
    """Its lines go past Django's logging, so they are scrubbed here."""

    def atoms(self, *of_request: Any) -> dict[str, Any]:
        """What a line is made of."""
        told: dict[str, Any] = super().atoms(*of_request)
        return {**told, **{name: scrubbed(str(told[name])) for name in ADDRESSES}}
