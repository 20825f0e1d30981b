"""Subscriptions: what a request for a stream asks for, once it is known that it may."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from accounts.models import Visit
from accounts.models.locale import Locale


@dataclass(frozen=True)
class Subscription:
    """Whom a stream is for, how they read, and from which revisions on.

    `cursors` maps the conversations they have open to what their pages know, `revisions` to what is the case now;
    `refused` are those that they may not see (any more), and `inbox_since` says how old their inbox is.
    """

    visit: Visit
    locale: Locale
    cursors: dict[int, int]
    revisions: dict[int, int]
    refused: list[int]
    inbox_since: datetime


HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the latter for nginx


class StreamResponse(HttpResponse):
    """An answer in whose place our server streams; any other server sends it as it is, and pages poll then."""

    status_code = 204

    def __init__(self, subscription: Subscription) -> None:
        super().__init__(content_type="text/event-stream", headers=HEADERS)
        self.subscription = subscription
