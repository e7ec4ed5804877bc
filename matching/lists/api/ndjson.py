"""Newline-delimited JSON: one document a line, in and out, however many there are."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

import msgspec
from django.http import FileResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.utils.mediatypes import media_type_matches

from matching.http.parsing import StrictJSONParser

MEDIA_TYPE = "application/x-ndjson"
MAX_BYTES = 64 * 1024 * 1024
MAX_ROW_BYTES = 256 * 1024
_PIECE = 64 * 1024
_IN_MEMORY = 2**20
_BOM = b"\xef\xbb\xbf"


class LengthRequired(exceptions.APIException):
    """411: the server in front of us can't tell where a body without a length ends."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"


class NDJSONParser(BaseParser):
    """Names the media type; the body is read by ``body_of``, a piece at a time."""

    media_type = MEDIA_TYPE

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        """The stream as it is."""
        return stream


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line of the body: its number from 1, and its document or why it is none."""

    number: int
    document: Any = None
    fault: exceptions.ParseError | None = None


def body_of(request: Request) -> IO[bytes]:
    """The whole body in a temporary file, from its beginning, so that a slow sender holds no lock.

    It is received once and closed with the request. Raises ``UnsupportedMediaType``, ``ParseError`` for a
    body over 64 MB, ``LengthRequired``.
    """
    known = getattr(request, "body_file", None)
    if known is None:
        known = request.body_file = _received(request)  # type: ignore[attr-defined]
    known.seek(0)
    return known


def _received(request: Request) -> IO[bytes]:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding != "identity" or not media_type_matches(MEDIA_TYPE, request.content_type):
        told = _("Send the rows as %(type)s, not compressed.") % {"type": MEDIA_TYPE}
        raise exceptions.UnsupportedMediaType(request.content_type, told)
    body = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - closed with the request.
    source, size = _source(request), 0
    while piece := source.read(_PIECE):
        size += len(piece)
        if size > MAX_BYTES:
            body.close()
            raise exceptions.ParseError(_("The request is larger than 64 MB."), code="too_large")
        body.write(piece)
    return body


def _source(request: Request) -> Any:
    # Django takes a body that is sent in chunks, without a length, for an empty one.
    if "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return request._request
    if not request.META.get("wsgi.input_terminated"):
        raise LengthRequired(_("Please send the length of the body (Content-Length)."))
    return request.META["wsgi.input"]


def documents(body: IO[bytes]) -> Iterator[Numbered]:
    """Every line that is not empty; a line that can't be read spoils no other."""
    parser, number = StrictJSONParser(), 0
    while line := body.readline(MAX_ROW_BYTES + 1):
        number += 1
        if len(line) > MAX_ROW_BYTES:
            while line and not line.endswith(b"\n"):
                line = body.readline(MAX_ROW_BYTES)
            told = _("A row can have %(most)s KB at most.") % {"most": MAX_ROW_BYTES // 1024}
            yield Numbered(number, fault=exceptions.ParseError(told, code="too_large"))
            continue
        line = line.removeprefix(_BOM) if number == 1 else line
        line = line.strip()
        if not line:
            continue
        try:
            yield Numbered(number, parser.parse(io.BytesIO(line)))
        except exceptions.ParseError as fault:
            yield Numbered(number, fault=fault)


def answer(rows: Iterable[Any]) -> FileResponse:
    """Documents one a line. The file is whole before its first byte is sent: a failure is an answer."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it.
    for row in rows:
        file.write(msgspec.json.encode(row) + b"\n")
    file.seek(0)
    return FileResponse(cast(Any, file), content_type=MEDIA_TYPE)
