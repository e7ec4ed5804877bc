"""Lock-out: failed attempts are counted per account and per address, in the database.

An attempt is counted *before* the password is looked at, by one atomic statement, and taken back when it was
right. So of many guesses that arrive together no more are tried than the profile allows, in however many
processes; a counter that is raised after the check lets as many through as there are threads.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.security.models import SignInFailures
from accounts.security.profiles import current

UNKNOWN_ADDRESS = "0.0.0.0"  # nosec B104 # a stand-in where a request names no address; nothing listens
_COUNT = """
INSERT INTO accounts_signinfailures AS f (key, user_id, failures, since, locked_until)
VALUES (%(key)s, %(user)s, 1, %(now)s, CASE WHEN %(limit)s <= 1 THEN %(until)s END)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN {fresh} THEN 1 ELSE f.failures + 1 END,
    since = CASE WHEN {fresh} THEN %(now)s ELSE f.since END,
    locked_until = CASE WHEN NOT {fresh} AND f.failures + 1 >= %(limit)s THEN %(until)s END,
    told_at = CASE WHEN {fresh} THEN NULL ELSE f.told_at END
WHERE f.locked_until IS NULL OR f.locked_until <= %(now)s
RETURNING failures
""".format(fresh="(f.locked_until IS NOT NULL OR f.since <= %(start)s)")  # nosec B608 # two constants
"""No row comes back where the key is locked."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted and may now be tried."""

    account: str
    address: str


def begin(*, login: str, address: str) -> Attempt | None:
    """Count an attempt to sign in; None where the account or the address is locked.

    Side effects: the counters. A name that nobody has is counted like one that somebody has.
    """
    person = account_of(login)
    attempt = Attempt(account=_key_of(person, login), address=f"address:{_network(address)}")
    profile = current()
    if not _count(attempt.address, limit=profile.failures_an_address):
        return None
    if not _count(attempt.account, limit=profile.failures_an_account, person=person):
        return None
    return attempt


def forgive(attempt: Attempt) -> None:
    """Take a successful attempt back: the account starts anew, of the address it is one failure less."""
    SignInFailures.objects.filter(key=attempt.account).delete()
    _take_back(attempt.address)


def begin_program(*, address: str) -> str | None:
    """Count a program's attempt to prove itself; None where the address is locked, else what to forgive.

    Apart from people's attempts: a program with an old secret locks nobody out of the portal.
    """
    key = f"program:{_network(address)}"
    return key if _count(key, limit=current().failures_an_address) else None


def forgive_program(key: str) -> None:
    """Take a program's successful attempt back."""
    _take_back(key)


def _take_back(key: str) -> None:
    SignInFailures.objects.filter(key=key).update(failures=Greatest(F("failures") - 1, 0), locked_until=None)


def unlock(user: User) -> bool:
    """Let a person try again at once. Returns whether there was anything to forget."""
    return SignInFailures.objects.filter(user=user).delete()[0] > 0


def locked_until(user: User) -> datetime | None:
    """Until when an account is locked."""
    found = SignInFailures.objects.filter(user=user, locked_until__gt=timezone.now())
    return found.values_list("locked_until", flat=True).first()


def account_of(login: str) -> User | None:
    """Whom a user name or an e-mail address means; an address that several accounts have means nobody."""
    wanted = login.strip()
    if not wanted or "\0" in wanted:
        return None
    by_name = list(User.objects.filter(username__iexact=wanted)[:2])
    by_mail = list(User.objects.filter(email__iexact=wanted)[:2])
    return next((found[0] for found in (by_name, by_mail) if len(found) == 1), None)


def client_address(request: HttpRequest) -> str:
    """The address of who asks.

    ``X-Forwarded-For`` counts only as far as our own proxies have written it: the entry that stands
    ``settings.TRUSTED_PROXIES`` from its end. What stands before that anybody can have made up.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    proxies: int = settings.TRUSTED_PROXIES
    told = forwarded[-proxies].strip() if 0 < proxies <= len(forwarded) else ""
    for candidate in (told, request.META.get("REMOTE_ADDR", "")):
        try:
            return str(ip_address(candidate))
        except ValueError:
            continue
    return UNKNOWN_ADDRESS


def _network(address: str) -> str:
    """An IPv6 customer has a /64 at least, so its single addresses are not told apart."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return address


def _key_of(person: User | None, login: str) -> str:
    if person is not None:
        return f"user:{person.pk}"
    return f"login:{hashlib.sha256(login.strip().lower().encode()).hexdigest()}"


def _count(key: str, *, limit: int, person: User | None = None) -> bool:
    now, length = timezone.now(), timedelta(minutes=current().lock_minutes)
    values = {
        "key": key,
        "user": None if person is None else person.pk,
        "limit": limit,
        "now": now,
        "start": now - length,
        "until": now + length,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return cursor.fetchone() is not None
