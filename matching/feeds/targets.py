"""What an address of a webhook may be, before anything is asked of the network."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from matching.feeds.addresses import may_reach

DEFAULT_PORTS = {"https": 443, "http": 80}
LONGEST = 500
_PRINTABLE = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class BadTarget(Exception):
    """The address is refused; ``str()`` says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: what the address says, taken apart once. ``listed``: the installation names it."""

    scheme: str
    host: str
    port: int
    path: str
    listed: bool

    @property
    def authority(self) -> str:
        """Host and port as the header ``Host`` writes them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str, *, ports: Iterable[int], listed: Iterable[str]) -> Target:
    """Take an address apart. Raises ``BadTarget``.

    ``listed`` are origins such as ``http://10.1.2.3:8080`` that the installation trusts: they alone may be
    plain HTTP, have another port, or lead to a private address.
    """
    # What parsers read differently (blanks, control characters, other scripts, backslashes) never starts.
    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise BadTarget(
            _("Write the address in ASCII letters without blanks; names of other scripts as xn--…")
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadTarget(_("This is not an address.")) from error
    host = _host(parts.hostname or "")
    if parts.username is not None or parts.password is not None:
        raise BadTarget(_("The address must not hold a name or a password."))
    if parts.fragment:
        raise BadTarget(_("The address must not have a fragment (#…)."))
    return _decided(parts.scheme, host, port, f"{parts.path or '/'}{_query(parts.query)}", ports, listed)


def _decided(
    scheme: str, host: str, port: int | None, path: str, ports: Iterable[int], listed: Iterable[str]
) -> Target:
    if scheme not in DEFAULT_PORTS:
        raise BadTarget(_("The address must begin with https://."))
    target = Target(scheme, host, DEFAULT_PORTS[scheme] if port is None else port, path, listed=False)
    if origin(target) in {origin(one) for one in map(listed_target, listed)}:
        return Target(scheme, host, target.port, path, listed=True)
    if scheme != "https":
        raise BadTarget(_("The address must begin with https://."))
    if _is_address(host) and not may_reach(host, listed=False):
        raise BadTarget(_("This address can't be reached from the internet."))
    allowed = sorted(ports)
    if target.port not in allowed:
        told = ", ".join(map(str, allowed))
        raise BadTarget(_("This port is not open to webhooks; allowed are: %(ports)s.") % {"ports": told})
    return target


def listed_target(text: str) -> Target:
    """An origin of the setting. Raises ``BadTarget`` where it is none."""
    parts = urlsplit(text)
    if parts.scheme not in DEFAULT_PORTS:
        raise BadTarget(text)
    return Target(
        parts.scheme, _host(parts.hostname or ""), parts.port or DEFAULT_PORTS[parts.scheme], "/", listed=True
    )


def origin(target: Target) -> tuple[str, str, int]:
    """Scheme, host and port."""
    return target.scheme, target.host, target.port


def _query(query: str) -> str:
    return f"?{query}" if query else ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host(host: str) -> str:
    """A name whose last label begins with a letter, or an address as the standard writes it.

    What ``inet_aton`` would read as an address (127.1, 0x7f000001, 017700000001) is neither.
    """
    if _is_address(host):
        return str(ip_address(host))
    name = host.lower().removesuffix(".")
    if not _NAME.fullmatch(name):
        raise BadTarget(_("This is not the name of a host."))
    return name
