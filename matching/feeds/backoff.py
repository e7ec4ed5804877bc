"""When a failed delivery is tried again: a pure function of how often it was tried."""

from __future__ import annotations

from datetime import timedelta

PAUSES = (
    *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""After the first attempt, the second … as Standard Webhooks 1.0 recommends: ten attempts in 75.6 hours."""

JITTER = 0.1
"""Each pause is longer by up to this share, so that receivers are not met by all at the same second."""

LONGEST_ASKED = timedelta(days=1)


def pause(attempts: int, *, luck: float, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after that many attempts (from 1); None where it was the last.

    ``luck`` from 0 up to 1 chooses the jitter; ``asked`` is what the receiver's Retry-After says, which
    makes the pause longer, never shorter, and a day at most.
    """
    if attempts > len(PAUSES):
        return None
    planned = PAUSES[attempts - 1] * (1 + JITTER * luck)
    return max(planned, min(asked, LONGEST_ASKED)) if asked else planned
