"""Variables for every page. Each is loaded only where a page uses it, and none makes an error page fail."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from accounts.models import Workspace
from accounts.models.locale import Locale
from accounts.unsent import typed_text


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Add `workspace_name`, `theme`, `locale`, `typed_text`, and the ways to sign in and to sign up."""

    def visitor() -> object:
        return getattr(request, "user", None)  # missing where a request is refused early

    def workspace_name() -> str:
        with suppress(DatabaseError):
            return getattr(visitor(), "workspace_name", None) or Workspace.objects.current().name
        return Workspace.UNNAMED

    def theme() -> str:
        with suppress(DatabaseError):
            return getattr(visitor(), "theme", "")
        return ""

    return {
        "workspace_name": workspace_name,
        "theme": theme,
        "locale": Locale.current(),
        "typed_text": lambda: typed_text(request),
        "passwords": settings.PASSWORDS,
        "provider": settings.OIDC["name"] if settings.OIDC else "",
        "sends_mail": bool(settings.MAIL),
        "invitation_request_url": settings.ACCOUNTS_INVITATION_REQUEST_URL,
    }
