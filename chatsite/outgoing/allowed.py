"""The addresses that the site may call although they are not public."""

from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple


class Allowed(NamedTuple):
    """Hosts with a port (None for the usual one), and networks."""

    hosts: tuple[tuple[str, int | None], ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
