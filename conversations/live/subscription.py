"""Subscriptions: requests for an event stream, after the permission checks."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from accounts.models import Visit
from accounts.models.locale import Locale


@dataclass(frozen=True)
class Subscription:
    """The person, the locale and the cursors of an event stream.

    `cursors` maps open conversations to the revisions that the page shows, `revisions` to their current revisions.
    `refused` lists the conversations that the person may not see, and `inbox_since` is the time of the page's inbox.
    """

    visit: Visit
    locale: Locale
    cursors: dict[int, int]
    revisions: dict[int, int]
    refused: list[int]
    inbox_since: datetime


HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the latter for nginx


class StreamResponse(HttpResponse):
    """A response that our server replaces with a stream; other servers send it empty, and pages poll instead."""

    status_code = 204

    def __init__(self, subscription: Subscription) -> None:
        super().__init__(content_type="text/event-stream", headers=HEADERS)
        self.subscription = subscription
