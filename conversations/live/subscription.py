"""Subscriptions: requests for an event stream, after the permission checks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.http import HttpResponse

from accounts.models import Visit
from accounts.models.locale import Locale


class Perspective(NamedTuple):
    """What the events of a conversation depend on besides it: the reader's locale, and the start of their history."""

    locale: Locale
    since: datetime | None = None


@dataclass(frozen=True)
class Subscription:
    """The person, the locale and the cursors of an event stream.

    `cursors` maps open conversations to the revisions that the page shows, `revisions` to their current revisions.
    `refused` lists the conversations that the person may not see, and `inbox_since` is the time of the page's inbox.
    `history` maps the conversations whose earlier messages are hidden from them to the time since which they see them.
    """

    visit: Visit
    locale: Locale
    cursors: dict[int, int]
    revisions: dict[int, int]
    refused: list[int]
    inbox_since: datetime
    history: dict[int, datetime] = field(default_factory=dict)


HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the latter for nginx


class StreamResponse(HttpResponse):
    """A response that our server replaces with a stream; other servers send it empty, and pages poll instead."""

    status_code = 204

    def __init__(self, subscription: Subscription) -> None:
        super().__init__(content_type="text/event-stream", headers=HEADERS)
        self.subscription = subscription
