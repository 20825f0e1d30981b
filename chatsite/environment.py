"""The environment variables: read once and checked, with a one-line error for each mistake."""

import re
import sys
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from environs import Env, EnvError

from chatsite.outgoing.allowed import Allowed

PROJECT = Path(__file__).resolve().parent.parent
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def read_site_url(env: Env) -> str:
    """Read the public address of the site, without a trailing slash; '' if it serves only this machine."""
    url = env.str("SITE_URL", "").rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path or "*" in url):
        raise EnvError(f"SITE_URL must look like https://chat.example.org, not {url!r}")
    return url


def read_secret_key(env: Env) -> str:
    """Read the key that signs sessions; '' if the site may make its own."""
    key = env.str("SECRET_KEY", "")
    if SITE_URL and not key:
        raise EnvError("SECRET_KEY is missing: set it to 50 random characters and keep it, as SITE_URL is set")
    if key and len(key) < 50:
        raise EnvError("SECRET_KEY is too short: give it at least 50 random characters")
    return key


def read_port(env: Env) -> int:
    port = env.int("PORT", 8000)
    if not 0 < port < 65536:
        raise EnvError(f"PORT must be between 1 and 65535, not {port}")
    return port


def read_mail(env: Env) -> dict[str, Any] | None:
    """Read how mail is sent, as options of Django's SMTP backend; None if no mail is sent."""
    url = env.str("MAIL_URL", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise EnvError("MAIL_URL must look like smtp+tls://user:password@mail.example.org, not what it is")
    return {
        "host": parts.hostname,
        "port": parts.port or MAIL_PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
        "timeout": 10,
    }


def read_provider(env: Env) -> dict[str, Any] | None:
    """Read the OpenID Connect provider at which people sign in, as one of allauth's apps; None if there is none."""
    issuer, client, secret = (env.str(name, "") for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"))
    if not issuer and not client and not secret:
        return None
    if not (is_issuer(issuer) and client and secret):
        raise EnvError("OIDC_ISSUER must be an https:// address, with OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it")
    name = env.str("OIDC_NAME", "") or urlsplit(issuer).hostname
    settings = {"server_url": issuer, "oauth_pkce_enabled": True}
    return {"provider_id": "oidc", "name": name, "client_id": client, "secret": secret, "settings": settings}


def is_issuer(address: str) -> bool:
    """Tell whether a URL may be that of a provider: over TLS unless on this machine, without credentials or a query."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 – raises ValueError for an invalid one
    except ValueError:
        return False
    is_here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    is_bare = not (parts.username or parts.password or parts.query or parts.fragment)
    return bool(parts.hostname and is_bare and (parts.scheme == "https" or is_here))


def read_networks(env: Env) -> list[IPv4Network | IPv6Network]:
    """Read the networks in which many people share an address, so that limits by address do not apply to them."""
    try:
        return [ip_network(word) for word in env.str("TRUSTED_NETWORKS", "").split()]
    except ValueError as error:
        raise EnvError(f"TRUSTED_NETWORKS must look like 192.0.2.0/24 2001:db8::/32: {error}") from error


def read_allowed(env: Env) -> Allowed:
    """Read the networks, and the hosts with their ports, that the site may call although they are not public."""
    hosts, networks = [], []
    for word in env.str("HOOKS_MAY_CALL", "").replace(",", " ").split():
        try:
            if "/" in word:
                networks.append(ip_network(word))
            else:
                parts = urlsplit(f"//{word}")
                if not parts.hostname or parts.username:
                    raise ValueError(f"{word!r} is not a host")
                hosts.append((f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname, parts.port))
        except ValueError as error:
            raise EnvError(f"HOOKS_MAY_CALL must look like 10.0.0.0/8,ci.lan:8080: {error}") from error
    return Allowed(tuple(hosts), tuple(networks))


def read_push_services(env: Env) -> frozenset[str]:
    """Read the origins of push services that the site calls beside those of the vendors of browsers."""
    origins = env.str("PUSH_SERVICES", "").replace(",", " ").split()
    for origin in origins:
        if not re.fullmatch(r"https?://[^/?#@]+", origin):
            raise EnvError(f"PUSH_SERVICES must look like https://push.example.org, not {origin!r}")
    return frozenset(origins)


def read_files(env: Env) -> dict[str, Any] | None:
    """Read where attachments are stored, as options of django-storages for S3; None for a folder of this machine."""
    url = env.str("FILES_URL", "")
    if not url:
        return None
    parts, bucket = urlsplit(url), urlsplit(url).path.strip("/")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    is_whole = parts.scheme in ("s3", "s3+http") and parts.hostname and user and password
    if not is_whole or not bucket or "/" in bucket:
        raise EnvError("FILES_URL must look like s3://key:secret@s3.example.org/bucket?region=eu, not what it is")
    host = parts.netloc.rpartition("@")[2]
    from botocore.config import Config  # slow to load, so only where it is needed

    # Some servers that speak S3 do not understand these checksums: send them only where they are required.
    sums = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
    times = {"connect_timeout": 3, "read_timeout": 5, "retries": {"total_max_attempts": 2}}
    return {
        "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://{host}",
        "access_key": user,
        "secret_key": password,
        "bucket_name": bucket,
        "region_name": parse_qs(parts.query).get("region", ["us-east-1"])[0],
        "client_config": Config(s3={"addressing_style": "path"}, signature_version="s3v4", **sums, **times),
        "file_overwrite": True,  # names are random, so there is no need to check whether one is taken
        "max_memory_size": 1_000_000,
    }


def read_database_url(env: Env, name: str) -> str:
    url = env.str(name, "")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2):
        raise EnvError(f"{name} must look like postgresql://user:password@host/name")
    return url


def read_proxies(env: Env) -> int:
    proxies = env.int("PROXIES", 1 if SITE_URL.startswith("https://") else 0)
    if proxies < 0:
        raise EnvError(f"PROXIES must be 0 or more, not {proxies}")
    return proxies


def is_this_machine(host: str) -> bool:
    """Return whether only this machine can connect to a network address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def site_address() -> str:
    """Return the public address of this site, without a trailing slash."""
    return SITE_URL or f"http://localhost:{PORT}"


try:
    _env = Env()
    DEBUG = _env.bool("DEBUG", False)
    SITE_URL = read_site_url(_env)
    SECRET_KEY = read_secret_key(_env)
    DATABASE_URL = read_database_url(_env, "DATABASE_URL")
    DATABASE_DIRECT_URL = read_database_url(_env, "DATABASE_DIRECT_URL")
    HOST = _env.str("HOST", "") or "127.0.0.1"
    PORT = read_port(_env)
    WORKERS = _env.int("WORKERS", 1)
    JOBS = _env.bool("JOBS", True)
    PROXIES = read_proxies(_env)
    MAIL = read_mail(_env)
    MAIL_FROM = _env.str("MAIL_FROM", "") or f"chatsite@{urlsplit(SITE_URL).hostname or 'localhost'}"
    OIDC = read_provider(_env)
    FILES = read_files(_env)
    PASSWORDS = _env.bool("PASSWORDS", True)
    LIMITS = _env.bool("LIMITS", True)
    TRUSTED_NETWORKS = read_networks(_env)
    HOOKS_MAY_CALL = read_allowed(_env)
    PUSH_SERVICES = read_push_services(_env)
    VAR = Path(_env.str("VAR_DIR", "") or PROJECT / "var").absolute()
    if not PASSWORDS and not OIDC:
        raise EnvError("PASSWORDS is off, but no provider is there to sign in at instead: set OIDC_ISSUER")
    if DATABASE_DIRECT_URL and not DATABASE_URL:
        raise EnvError("DATABASE_DIRECT_URL is another way to the database of DATABASE_URL, which is missing")
    if DEBUG and (SITE_URL or not is_this_machine(HOST)):
        reason = "SITE_URL is set" if SITE_URL else f"others can reach HOST={HOST}"
        raise EnvError(f"DEBUG shows strangers how the site works inside: unset it, as {reason}")
except EnvError as error:
    sys.exit(f"chatsite: {error}")
