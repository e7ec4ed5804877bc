"""``Idempotency-Key``: a POST that is sent again takes effect once and is answered alike.

After draft-ietf-httpapi-idempotency-key-header-07. The answer is kept in the transaction of its effect, so a
crash leaves both or neither. Only what succeeded is kept: a refused request changed nothing and may be
sent again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from matching.http import sealing
from matching.http.models import KeptAnswer
from matching.http.problems import InProgress, KeyReused, OutsideBody, StandingChanged

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
_KEY = re.compile(r'"([\x20\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255})')
_KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Content-Language", "ETag", "Location")


@dataclass(frozen=True, slots=True)
class Claim:
    """A request under its key. ``mine`` is the row that this request wrote."""

    key: str
    request: str
    standing: str
    context: str


def claim_of(request: Request, fingerprint: Callable[[Request], str] | None = None) -> Claim | None:
    """The claim of a POST that has a key, else None. Raises ``ValidationError`` for a malformed key.

    ``fingerprint`` tells bodies apart that the request's parser does not read.
    """
    written = request.headers.get(HEADER) if request.method == "POST" else None
    if written is None:
        return None
    found = _KEY.fullmatch(written.strip())
    if found is None:
        raise OutsideBody(
            {HEADER: [_("A key is 1 to 255 visible ASCII characters, with or without quotation marks.")]},
            code="invalid_idempotency_key",
        )
    user = request.user
    assert isinstance(user, User)
    credential = getattr(request.auth, "id", "session")
    context = f"answer {user.pk} {credential} {found[1] or found[2]}"
    key = hmac.new(settings.SECRET_KEY.encode(), context.encode(), hashlib.sha256).hexdigest()
    return Claim(
        key=key,
        request=_request_hash(request, fingerprint or _parsed),
        standing=_standing(user),
        context=context,
    )


def take(claim: Claim) -> tuple[KeptAnswer, HttpResponse | None]:
    """The row of the key and, where the request was answered before, that answer.

    Waits for a request with the same key that is under way, ``API_IDEMPOTENCY_WAIT`` seconds at most. Raises
    ``InProgress``, ``KeyReused``, and ``StandingChanged`` where the person's roles are others by now.
    """
    mine = KeptAnswer(key=claim.key, request=claim.request, standing=claim.standing)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{int(settings.API_IDEMPOTENCY_WAIT * 1000)}ms'")
            KeptAnswer.objects.bulk_create([mine], ignore_conflicts=True)
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise InProgress(_("The same request is still under way; ask again in a moment.")) from error
        raise
    kept = KeptAnswer.objects.get(key=claim.key)
    if kept.pk == mine.pk:
        return mine, None
    if kept.request != claim.request:
        raise KeyReused(_("This key was used for another request; each request needs a key of its own."))
    if kept.standing != claim.standing:
        raise StandingChanged(_("Your roles have changed since this request was answered."))
    return kept, _replayed(sealing.unseal(bytes(kept.answer), claim.context))


def keep(kept: KeptAnswer, claim: Claim, response: HttpResponseBase) -> HttpResponseBase:
    """Store the answer, readable only with its key; a streamed one is read to its end first.

    Whoever has the database, and even ``SECRET_KEY``, can't read it without the key that the client sent.
    """
    if getattr(response, "streaming", False):
        response = HttpResponse(
            b"".join(response),
            status=response.status_code,
            headers=dict(response.headers),
        )
    assert isinstance(response, HttpResponse)
    written = {
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        "body": base64.b64encode(response.content).decode(),
    }
    kept.answer = sealing.seal(zlib.compress(json.dumps(written).encode()), claim.context)
    kept.save(update_fields=["answer"])
    return response


def _replayed(answer: bytes) -> HttpResponse:
    written = json.loads(zlib.decompress(answer))
    headers = {**written["headers"], REPLAYED: "true"}
    return HttpResponse(base64.b64decode(written["body"]), status=written["status"], headers=headers)


def _standing(user: User) -> str:
    """What the person may do: an answer is not given again to who has lost the right to it."""
    roles = sorted(
        (str(member.organisation_id), member.role, sorted(member.chains), sorted(member.regions))
        for member in user.active_memberships
    )
    return hashlib.sha256(json.dumps(roles).encode()).hexdigest()


def _request_hash(request: Request, fingerprint: Callable[[Request], str]) -> str:
    parts = [request.method, request.get_full_path(), fingerprint(request)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _parsed(request: Request) -> str:
    """Equal for bodies that mean the same; files count by their content."""
    data = request.data
    if isinstance(data, MultiValueDict):
        data = {name: [_file_hash(value) for value in values] for name, values in data.lists()}
    return json.dumps(data, sort_keys=True, default=str)


def _file_hash(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256(f"{value.name}\n".encode())
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()


def forget() -> int:
    """Delete answers older than ``API_IDEMPOTENCY_KEEP_HOURS``; how many there were."""
    oldest = timezone.now() - timedelta(hours=settings.API_IDEMPOTENCY_KEEP_HOURS)
    deleted, _by_model = KeptAnswer.objects.filter(created_at__lt=oldest).delete()
    return deleted
