"""The key to subscribe to pushes with, for every page."""

import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from conversations.notifications.models import PushKey
from conversations.notifications.push.available import why_not

MEMORY_SECONDS = 60  # a page makes no statement for it


def push_key(request: HttpRequest) -> dict[str, Any]:
    """Add `push_key`: "" where this site does not push."""
    return {"push_key": lambda: read_key(int(time.monotonic() // MEMORY_SECONDS)) if settings.TLS else ""}


@lru_cache(maxsize=1)
def read_key(_minute: int) -> str:
    return "" if why_not() else PushKey.objects.current().public
