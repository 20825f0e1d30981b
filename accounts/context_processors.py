"""What every page shows, whoever looks; asked only where a page does, and no reason for a page of an error to fail."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from accounts.models import Workspace
from accounts.models.locale import Locale


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Give `workspace_name`, `theme` and `locale`, and what ways there are to sign in."""

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

    shown: dict[str, Any] = {"workspace_name": workspace_name, "theme": theme, "locale": Locale.current()}
    provider = settings.OIDC["name"] if settings.OIDC else ""
    return shown | {"passwords": settings.PASSWORDS, "provider": provider, "sends_mail": bool(settings.MAIL)}
