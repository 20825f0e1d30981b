"""What every page shows, whoever looks; asked only where a page does, and no reason for a page of an error to fail."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from accounts.models import Place
from accounts.models.locale import Locale


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Give `place_name`, `theme` and `locale`, and what ways there are to sign in."""

    def visitor() -> object:
        return getattr(request, "user", None)  # missing where a request is refused early

    def place_name() -> str:
        with suppress(DatabaseError):
            return getattr(visitor(), "place_name", None) or Place.objects.here().name
        return Place.UNNAMED

    def theme() -> str:
        with suppress(DatabaseError):
            return getattr(visitor(), "theme", "")
        return ""

    shown: dict[str, Any] = {"place_name": place_name, "theme": theme, "locale": Locale.here()}
    provider = settings.OIDC["name"] if settings.OIDC else ""
    return shown | {"passwords": settings.PASSWORDS, "provider": provider, "sends_mail": bool(settings.MAIL)}
