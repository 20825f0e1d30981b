"""Which addresses the site calls: only public ones, and those that HOOKS_MAY_CALL names."""

import socket
from contextlib import suppress
from ipaddress import ip_network

import pytest

from chatsite.outgoing.allowed import Allowed
from chatsite.outgoing.calling import Trouble, Unanswered, call

PUBLIC, LOOPBACK = "93.184.215.14", "127.0.0.1"
# What the names of attackers resolve to.
NAMES = {
    "localhost": [LOOPBACK],
    "loopback.test": [LOOPBACK],
    "loopback6.test": ["::1"],
    "zero.test": ["0.0.0.0"],  # noqa: S104 – nothing is bound
    "metadata.test": ["169.254.169.254"],
    "private.test": ["10.0.0.5"],
    "private12.test": ["172.16.0.1"],
    "office.test": ["192.168.1.1"],
    "carrier.test": ["100.64.0.1"],
    "unique-local.test": ["fd00::1"],
    "link-local.test": ["fe80::1"],
    "multicast.test": ["224.0.0.1"],
    "broadcast.test": ["255.255.255.255"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "compatible.test": ["::127.0.0.1"],
    "nat64.test": ["64:ff9b::7f00:1"],
    "6to4.test": ["2002:7f00:1::"],
    "teredo.test": ["2001:0:7f00:1::80ff:fffe"],
    "site-local.test": ["fec0::1"],
    "benchmark.test": ["198.18.0.1"],
    "mixed.test": [PUBLIC, LOOPBACK],
}
HOSTS = [
    *NAMES,
    *("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "①②⑦.⓪.⓪.①", "LOCALHOST.", "[::1]"),
    *("[::ffff:7f00:1]", "user@loopback.test", "user:word@example.test"),
]


@pytest.fixture
def connections(monkeypatch):
    """Let names resolve as in NAMES, others to a public address; return the addresses that were connected to."""
    connected = []

    def look_up(host, port, *args, **options):
        addresses = NAMES.get(host.rstrip(".").lower(), [PUBLIC])
        with suppress(OSError):
            addresses = [socket.inet_ntoa(socket.inet_aton(host))]  # as the system reads numbers
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [
            (families[":" in address], socket.SOCK_STREAM, 6, "", (address, port, *([0, 0] if ":" in address else [])))
            for address in addresses
        ]

    def connect(self, address):
        connected.append(address[:2])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return connected


def trouble_with(url):
    with pytest.raises(Unanswered) as caught:
        call("POST", url, body=b"x", seconds=5)
    return caught.value.trouble


@pytest.mark.parametrize("host", HOSTS)
def test_addresses_that_are_not_public_are_never_connected_to(connections, host):
    assert trouble_with(f"http://{host}/") == Trouble.REFUSED
    assert trouble_with(f"https://{host}/") == Trouble.REFUSED
    assert connections == []


@pytest.mark.parametrize(
    "url", ["ftp://example.test/", "file:///etc/passwd", "http://example.test:22/", "http:///", "x"]
)
def test_only_web_addresses_with_the_usual_ports_are_called(connections, url):
    assert trouble_with(url) == Trouble.REFUSED
    assert connections == []


def test_public_addresses_are_called(connections):
    assert trouble_with("https://example.test/secret") == Trouble.CONNECTION
    assert connections == [(PUBLIC, 443)]


def test_a_name_that_changes_its_address_is_looked_up_once_for_each_connection(connections, monkeypatch):
    answers = [[PUBLIC], [LOOPBACK]]
    monkeypatch.setitem(NAMES, "changing.test", None)
    look_up = socket.getaddrinfo

    def change(host, *args, **options):
        NAMES["changing.test"] = answers.pop(0)
        return look_up(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", change)
    assert trouble_with("http://changing.test/") == Trouble.CONNECTION
    assert trouble_with("http://changing.test/") == Trouble.REFUSED
    assert connections == [(PUBLIC, 80)]


def test_the_server_allows_networks_and_hosts_with_their_ports(connections, settings):
    settings.HOOKS_MAY_CALL = Allowed((("private.test", None), ("office.test", 8080)), (ip_network("fd00::/8"),))
    for url in ("http://private.test/", "http://office.test:8080/x", "http://unique-local.test/"):
        assert trouble_with(url) == Trouble.CONNECTION, url
    refused = (
        "http://private.test:8080/",
        "http://office.test/",
        "http://private12.test/",
        "http://private.test.carrier.test/",
    )
    for url in refused:
        assert trouble_with(url) == (Trouble.CONNECTION if "carrier" in url else Trouble.REFUSED), url
    assert connections == [("10.0.0.5", 80), ("192.168.1.1", 8080), ("fd00::1", 80), (PUBLIC, 80)]
