"""The one error that these modules show to a person."""

from __future__ import annotations

import errno
import os

OUT_OF_SPACE = os.strerror(errno.ENOSPC)


class EmbeddedError(Exception):
    """A service can't run here; the message says why and what to do about it."""


def failure(what: str, output: str) -> EmbeddedError:
    """The error for a program that failed, from what it wrote."""
    if OUT_OF_SPACE in output:
        return EmbeddedError(f"{what}: the disk is full. Free some space and start again.")
    return EmbeddedError(f"{what}:\n{output.strip()}")
