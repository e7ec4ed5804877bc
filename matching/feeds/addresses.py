"""Which network addresses a webhook may reach: an allow-list for IPv6, IANA's special ranges for IPv4.

Sources: IANA IPv4 and IPv6 special-purpose address registries; addresses of the clouds' metadata services
as their documentation names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(network) for network in text.split())


METADATA = _networks(
    "169.254.0.0/16 100.100.100.200/32 168.63.129.16/32 192.0.0.192/32 fe80::/10 fd00:ec2::/32 fd20:ce::/32"
)
"""Where clouds hand out credentials, with all link-local addresses: closed to listed hosts too."""

SPECIAL = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
    " 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15"
    " 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
"""IPv4 addresses that no host of the public internet has."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
RESERVED = _networks("2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16")
"""Parts of it that are not hosts, or carry an IPv4 address within (6to4, Teredo)."""

PRIVATE = _networks("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 127.0.0.0/8 fc00::/7 ::1/128")
"""What a host that the installation lists may have beside public addresses."""


def is_public(address: Address) -> bool:
    """Whether any host of the internet may stand there."""
    if _within(address, METADATA):
        return False
    if isinstance(address, IPv4Address):
        return not _within(address, SPECIAL)
    # Mapped, compatible and NAT64 addresses lie outside, so no IPv4 address is reached by a detour.
    return address in GLOBAL_UNICAST and not _within(address, RESERVED)


def may_reach(address: str, *, listed: bool) -> bool:
    """Whether a webhook may be sent there; ``listed``: the installation names the host one by one."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if is_public(found):
        return True
    return listed and _within(found, PRIVATE) and not _within(found, METADATA)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
