"""Sessions of requests that connect only to public addresses, and to the exceptions that the server allows."""

from functools import cache
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv4Network, IPv6Network
from typing import Any, cast

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from ssrfguard import Policy
from ssrfguard.requests import SafeAdapter

from chatsite.outgoing.allowed import Allowed
from chatsite.outgoing.deadline import watched

MAX_REDIRECTS = 5
MAX_CONNECTIONS = 32  # that are kept open to each host
EVERYWHERE = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
PORTS = {"http": 80, "https": 443}


class Adapter(SafeAdapter):
    """Connects to addresses that the policy has checked, until the deadline of the thread."""

    policy: Policy

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        pools = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {scheme: watched(pool) for scheme, pool in pools.items()}


class SafeSession(requests.Session):
    """A session without cookies, proxies and .netrc, which checks each address, also of redirects."""

    def __init__(self, allowed: Allowed) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = MAX_REDIRECTS
        self.headers = CaseInsensitiveDict({"User-Agent": "Chatsite"})
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        public = adapter(Policy(allowed_networks=allowed.networks))
        for scheme, default in PORTS.items():
            self.mount(f"{scheme}://", public)
            for host, port in allowed.hosts:
                policy = Policy(
                    allowed_hosts=frozenset({host.strip("[]")}),
                    allowed_networks=EVERYWHERE,
                    allowed_ports=frozenset({port or default}),
                )
                place = host if (port or default) == default else f"{host}:{port}"
                self.mount(f"{scheme}://{place}/", adapter(policy))

    def get_adapter(self, url: str, *arguments: Any, **options: Any) -> BaseAdapter:
        """Choose the adapter for a URL, that of a redirect too; raise SSRFGuardError if its policy refuses the URL."""
        found = cast(Adapter, super().get_adapter(url, *arguments, **options))
        found.policy.check_url(url)
        return found


def adapter(policy: Policy) -> Adapter:
    return Adapter(policy=policy, pool_maxsize=MAX_CONNECTIONS)


@cache
def session(allowed: Allowed) -> SafeSession:
    return SafeSession(allowed)
