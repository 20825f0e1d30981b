"""Locales: the language and the time zone in which a page is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

LANGUAGES = dict(settings.LANGUAGES)


class Locale(NamedTuple):
    """The settings of a reader that the text of a page depends on."""

    language: str
    time_zone: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Locale":
        """Return what the person of a request has chosen; the language defaults to their browser's."""
        user = request.user
        if not user.is_authenticated:
            return cls(translation.get_language_from_request(request), settings.TIME_ZONE)
        language = user.language if user.language in LANGUAGES else translation.get_language_from_request(request)
        return cls(language, user.time_zone)

    @classmethod
    def current(cls) -> "Locale":
        """Return the locale that is active in this thread."""
        return cls(translation.get_language(), timezone.get_current_timezone_name())

    @contextmanager
    def active(self) -> Iterator[None]:
        with translation.override(self.language), timezone.override(ZoneInfo(self.time_zone)):
            yield
