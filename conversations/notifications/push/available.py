"""Whether this site can push at all."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Workspace


def why_not() -> str:
    """Return why this site pushes nothing, for people to read; "" if it does."""
    if not settings.TLS:
        return _("Push needs https: the person who runs this site has to set SITE_URL.")
    if not is_public(urlsplit(settings.SITE_URL).hostname or ""):
        return _("Push needs a public host name, as push services refuse others.")
    if not Workspace.objects.current().allows_push:
        return _("This workspace has switched push off.")
    return ""


def is_public(host: str) -> bool:
    """Return whether push services accept a host as the contact of a site."""
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".test"))
