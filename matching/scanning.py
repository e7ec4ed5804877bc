"""What a scanner of the operator's says about a file that came in, before it is stored."""

from __future__ import annotations

import logging
import shlex
import subprocess
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from matching.errors import Conflict, Invalid

CLEAN, REFUSED = 0, 1
"""Exit codes as ``clamdscan`` has them; every other means that the file was not judged."""
_logger = logging.getLogger(__name__)


def scan(file: UploadedFile[Any]) -> None:
    """Have ``UPLOAD_SCAN_COMMAND`` read the file on its standard input; without a command nothing happens.

    Side effect: the file is read, and back at its beginning. Raises ``Invalid`` for what the scanner
    refuses, and ``Conflict`` where it gave no judgement within ``UPLOAD_SCAN_SECONDS``: a scanner that is
    down lets nothing in.
    """
    command = shlex.split(settings.UPLOAD_SCAN_COMMAND)
    if not command:
        return
    content = b"".join(file.chunks())
    file.seek(0)
    code = _judged(command, content)
    if code == REFUSED:
        told = _("The scanner for harmful content refuses this file. It was not stored.")
        raise Invalid({"file": [told]}, code="harmful")
    if code != CLEAN:
        told = _("Files can't be scanned for harmful content just now. Please try again later.")
        raise Conflict(told, code="not_scanned")


def _judged(command: list[str], content: bytes) -> int | None:
    """The scanner's exit code, None where it could not be started or did not end in time."""
    try:
        ended = subprocess.run(
            command, input=content, capture_output=True, timeout=settings.UPLOAD_SCAN_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        _logger.exception("The scanner of uploads gave no judgement.")
        return None
    if ended.returncode not in (CLEAN, REFUSED):
        said = ended.stderr[-500:].decode(errors="replace")
        _logger.error("The scanner of uploads ended with %d: %s", ended.returncode, said)
    return ended.returncode
