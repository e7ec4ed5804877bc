"""``SESSION_ENGINE``: sessions in PostgreSQL of which a stolen copy is of no use.

The database holds the SHA-256 of a session's key and its content encrypted, so neither a dump nor a backup
lets anybody take a session over. A session ends when nothing was done for ``idle_minutes``, and at the latest
``longest_hours`` after signing in.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import keyring
from accounts.security.models import Session
from accounts.security.profiles import current

SIGNED_IN_AT = "_signed_in_at"
CLIENT = "_client"
"""Address and browser of who signed in, for the list of one's sessions."""
LEAST_ANONYMOUS = timedelta(minutes=60)
"""A visitor's session keeps the form that is offered again after signing in."""
TOUCHED_EVERY = timedelta(minutes=1)


def digest_of(key: str) -> str:
    """What stands in the database for a session's key."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """One session."""

    seen_at: datetime | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended or never was."""
        row = Session.objects.filter(pk=self._digest(), expires_at__gt=timezone.now()).first()
        content = self.decode(row.data) if row is not None else None
        if row is None or content is None:
            self._session_key = None
            return {}
        self.seen_at = row.seen_at
        return content

    def exists(self, session_key: str | None) -> bool:
        """Whether there is a session with that key."""
        return session_key is not None and Session.objects.filter(pk=digest_of(session_key)).exists()

    def create(self) -> None:
        """Begin a session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Store the session. Raises ``CreateError`` and ``UpdateError`` as Django's stores do."""
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if SESSION_KEY in content:
            content.setdefault(SIGNED_IN_AT, timezone.now().timestamp())
        values = _columns(content) | {"data": self.encode(content), "seen_at": timezone.now()}
        if not must_create:
            if not Session.objects.filter(pk=self._digest()).update(**values):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                Session.objects.create(digest=self._digest(), **values)
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(pk=digest_of(key)).delete()

    def touch(self) -> None:
        """Something was done: the idle time begins anew. Written once a minute at most."""
        now = timezone.now()
        if self.seen_at is None or now - self.seen_at < TOUCHED_EVERY or self.session_key is None:
            return
        ends = _columns(self._get_session())["expires_at"]  # type: ignore[attr-defined]
        Session.objects.filter(pk=self._digest()).update(seen_at=now, expires_at=ends)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Content as it is stored."""
        return keyring.encrypt(self.serializer().dumps(session_dict).decode("latin-1"))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Content as it was; empty where no key opens it any more."""
        try:
            content: dict[str, Any] = self.serializer().loads(
                keyring.decrypt(str(session_data)).encode("latin-1")
            )
        except keyring.Undecryptable:
            return {}
        return content

    @classmethod
    def clear_expired(cls) -> None:
        """Delete sessions that have ended."""
        Session.objects.filter(expires_at__lte=timezone.now()).delete()

    def _digest(self) -> str:
        return digest_of(self.session_key or "")


def _columns(content: dict[str, Any]) -> dict[str, Any]:
    now, idle = timezone.now(), timedelta(minutes=current().idle_minutes)
    person = content.get(SESSION_KEY)
    address, agent = content.get(CLIENT) or (None, "")
    columns = {"user_id": person, "address": address, "agent": agent}
    if person is None:
        return columns | {"expires_at": now + max(idle, LEAST_ANONYMOUS)}
    longest = datetime.fromtimestamp(content[SIGNED_IN_AT], tz=UTC) + timedelta(hours=current().longest_hours)
    return columns | {"expires_at": min(now + idle, longest)}
