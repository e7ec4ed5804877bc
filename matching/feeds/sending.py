"""One POST to one address: resolved once, connected to exactly what was checked, bounded in time and size.

``http.client`` follows no redirect and reads no proxy from the environment.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer

from matching.feeds.addresses import may_reach
from matching.feeds.targets import Target

CONNECT_SECONDS = 4.0
WHOLE_SECONDS = 10.0
MOST_BYTES = 1024
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: a status and the first bytes of the answer, or the code of an error.

    Codes: ``private`` (leads to an address that webhooks must not reach), ``unresolved``, ``refused``,
    ``timeout``, ``tls``, ``broken`` (no HTTP answer).
    """

    status: int | None = None
    error: str = ""
    body: str = ""
    milliseconds: int = 0
    retry_after: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


class Unreachable(Exception):
    """No connection; ``str()`` is the code."""


def resolve(host: str, port: int) -> list[str]:
    """Addresses of a host as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def checked_address(target: Target, resolver: Resolve) -> str:
    """The one address to connect to. Raises ``Unreachable``.

    A host that has a forbidden address beside allowed ones is refused as a whole.
    """
    try:
        found = resolver(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise Unreachable("unresolved") from error
    if not found:
        raise Unreachable("unresolved")
    if not all(may_reach(address, listed=target.listed) for address in found):
        raise Unreachable("private")
    return found[0]


class _Pinned(HTTPConnection):
    """A connection to an address that was checked; TLS is verified against the host's name."""

    def __init__(self, target: Target, address: str, tls: ssl.SSLContext | None, deadline: float) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self._address, self._tls, self._deadline = address, tls, deadline
        self._watch: Timer | None = None

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self._watch = _Cut(raw, self._deadline)
        self._watch.start()
        self.sock = raw if self._tls is None else self._tls.wrap_socket(raw, server_hostname=self.host)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().close()


class _Cut(Timer):
    """Ends a connection from outside: timeouts of sockets start anew with each byte that drips in."""

    def __init__(self, raw: socket.socket, deadline: float) -> None:
        super().__init__(max(deadline - time.monotonic(), 0.0), self._cut)
        self.daemon = True
        self._copy = raw.dup()

    def _cut(self) -> None:
        # The other side may have closed the connection meanwhile.
        with suppress(OSError):
            self._copy.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        super().run()
        self._copy.close()


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    resolver: Resolve = resolve,
    tls: ssl.SSLContext | None = None,
    seconds: float = WHOLE_SECONDS,
) -> Answer:
    """Send once and tell what came of it; never raises for what a receiver or the network does."""
    began = time.monotonic()
    deadline = began + seconds
    try:
        answer = _exchange(target, body, headers, resolver, tls, deadline)
    except Unreachable as error:
        answer = Answer(error=str(error))
    except ssl.SSLError:
        answer = Answer(error=_late(deadline) or "tls")
    except TimeoutError:
        answer = Answer(error="timeout")
    except ConnectionRefusedError:
        answer = Answer(error="refused")
    except (OSError, HTTPException, ValueError):
        answer = Answer(error=_late(deadline) or "broken")
    took = round((time.monotonic() - began) * 1000)
    return Answer(answer.status, answer.error, answer.body, took, answer.retry_after)


def _late(deadline: float) -> str:
    return "timeout" if time.monotonic() >= deadline else ""


def _exchange(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    resolver: Resolve,
    tls: ssl.SSLContext | None,
    deadline: float,
) -> Answer:
    address = checked_address(target, resolver)
    context = (tls or ssl.create_default_context()) if target.scheme == "https" else None
    with closing(_Pinned(target, address, context, deadline)) as connection:
        named = {"Host": target.authority, "Accept-Encoding": "identity", "Connection": "close", **headers}
        connection.request("POST", target.path, body, named)
        response = connection.getresponse()
        read = response.read(MOST_BYTES)
        if time.monotonic() >= deadline:
            raise TimeoutError
        return Answer(response.status, body=_printable(read), retry_after=_retry_after(response))


def _printable(read: bytes) -> str:
    text = read.decode("utf-8", "replace")
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


def _retry_after(response: HTTPResponse) -> timedelta | None:
    written = response.getheader("Retry-After") or ""
    return (
        timedelta(seconds=int(written))
        if written.isascii() and written.isdigit() and len(written) < 8
        else None
    )
