"""Locales: by whose clock and in which language something is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

LANGUAGES = dict(settings.LANGUAGES)


class Locale(NamedTuple):
    """What a page depends on besides what it shows."""

    language: str
    time_zone: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Locale":
        """Give what whoever asks has chosen; where they have chosen no language, that of their browser."""
        user = request.user
        if not user.is_authenticated:
            return cls(translation.get_language_from_request(request), settings.TIME_ZONE)
        language = user.language if user.language in LANGUAGES else translation.get_language_from_request(request)
        return cls(language, user.time_zone)

    @classmethod
    def current(cls) -> "Locale":
        """Give that in which something is shown now."""
        return cls(translation.get_language(), timezone.get_current_timezone_name())

    @contextmanager
    def active(self) -> Iterator[None]:
        with translation.override(self.language), timezone.override(ZoneInfo(self.time_zone)):
            yield
