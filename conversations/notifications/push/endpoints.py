"""Endpoints of push services. Browsers send them to us, so they may be anything: only known services are called."""

from urllib.parse import urlsplit

from django.conf import settings

MAX_CHARACTERS = 2048
SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")


def is_allowed(endpoint: str) -> bool:
    """Return whether the site pushes to this endpoint: one of the vendors of browsers, or of settings.PUSH_SERVICES.

    The latter are origins, such as https://push.example.org, so that they may have another port.
    """
    if len(endpoint) > MAX_CHARACTERS or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or "#" in endpoint or "\\" in endpoint:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_SERVICES:
        return True
    is_known = any(host == service or host.endswith(f".{service}") for service in SERVICES)
    return parts.scheme == "https" and port in (None, 443) and is_known
