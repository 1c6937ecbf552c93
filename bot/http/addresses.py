"""Which addresses a picture may be fetched from, checked at the moment of connecting.

A service names the address of its picture, so it could name one inside our own network. The check runs on the
numeric address that the socket is about to connect to: no name, redirect or rebinding comes between.
"""

import errno
import ipaddress
import socket
from typing import Any

# Special-purpose networks of the IANA registries (RFC 6890 and later): private, loopback, link-local, carrier NAT,
# documentation, benchmarking, relays, multicast, reserved.
CLOSED_V4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip

# Only global unicast is open; v4-mapped, v4-compatible, both NAT64 prefixes, ULA, link-local, site-local and multicast
# lie outside of it. Inside of it: protocol assignments with Teredo and ORCHID, documentation, 6to4.
OPEN_V6 = ipaddress.IPv6Network("2000::/3")
CLOSED_V6 = tuple(
    ipaddress.IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)

# ISATAP puts a version 4 address behind this identifier in any network (RFC 5214, 6.1).
ISATAP = frozenset({0x00005EFE, 0x02005EFE})


class AddressRefused(OSError):
    """The address is not a public one. Constant text: the connector compares texts of several attempts."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "not a public address")


def is_public(address: str) -> bool:
    """Whether this numeric address belongs to the public internet."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in net for net in CLOSED_V4)
    if parsed.scope_id or (int(parsed) >> 32) & 0xFFFFFFFF in ISATAP:
        return False
    return parsed in OPEN_V6 and not any(parsed in net for net in CLOSED_V6)


def public_socket(found: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
    """Make the socket for one resolved address, just before it connects. Raises AddressRefused."""
    family, kind, protocol, _, address = found
    if not is_public(address[0]):
        raise AddressRefused
    return socket.socket(family, kind, protocol)
