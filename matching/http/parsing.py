"""JSON bodies that can be stored and answered again."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_BYTES = 25 * 1024 * 1024
# NUL can't be stored in PostgreSQL; half of a surrogate pair can't be written as UTF-8.
_ESCAPES = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class StrictJSONParser(JSONParser):
    """Refuses bodies over 25 MB, too deep ones, and text that no database row can hold."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The decoded body. Raises ``ParseError``."""
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise ParseError(_("The request is larger than 25 MB."), code="too_large")
        try:
            data = super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The document is nested too deeply.")) from error
        if _ESCAPES.search(body) and _unstorable(data):
            raise ParseError(_("The document has characters that can't be stored."))
        return data


def _unstorable(value: Any) -> bool:
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    if isinstance(value, dict):
        return any(_unstorable(item) for pair in value.items() for item in pair)
    return isinstance(value, list) and any(_unstorable(item) for item in value)
