"""What the environment variables say: read once, checked, with a one-line error for each mistake."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, EnvError

PROJECT = Path(__file__).resolve().parent.parent


def read_site_url(env: Env) -> str:
    """Read the public address of the site, without a trailing slash; '' where it serves this machine alone."""
    url = env.str("SITE_URL", "").rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path or "*" in url):
        raise EnvError(f"SITE_URL must look like https://chat.example.org, not {url!r}")
    return url


def read_secret_key(env: Env) -> str:
    """Read the key that signs sessions; '' where the site may make one of its own."""
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


def read_database_url(env: Env) -> str:
    url = env.str("DATABASE_URL", "")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2):
        raise EnvError("DATABASE_URL must look like postgresql://user:password@host/name")
    return url


try:
    _env = Env()
    DEBUG = _env.bool("DEBUG", False)
    SITE_URL = read_site_url(_env)
    SECRET_KEY = read_secret_key(_env)
    DATABASE_URL = read_database_url(_env)
    HOST = _env.str("HOST", "") or ("0.0.0.0" if SITE_URL else "127.0.0.1")  # noqa: S104 – who names a site wants visitors
    PORT = read_port(_env)
    WORKERS = _env.int("WORKERS", 1)
    VAR = Path(_env.str("VAR_DIR", "") or PROJECT / "var").absolute()
    if DEBUG and SITE_URL:
        raise EnvError("DEBUG shows strangers how the site works inside: unset it, as SITE_URL is set")
except EnvError as error:
    sys.exit(f"chatsite: {error}")
