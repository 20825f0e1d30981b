from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from chatsite.deliveries.deliverer import Deliverer
from chatsite.outgoing.allowed import Allowed
from conversations.notifications.models import Notification, NotificationDelivery
from conversations.notifications.tests import push_service


@pytest.fixture
def public(settings):
    """The site has an address that push services accept."""
    settings.TLS, settings.SITE_URL, settings.SITE_ADDRESS = True, *["https://chat.example.org"] * 2


@pytest.fixture
def service(settings, public):
    """A push service that the site may call."""
    with push_service.running() as found:
        settings.PUSH_SERVICES = frozenset({found.origin})
        settings.HOOKS_MAY_CALL = Allowed((("127.0.0.1", found.server_port),))
        yield found


@pytest.fixture
def subscribe(as_, service):
    """Subscribe a browser of a person: `subscribe(ana)`; returns the browser, with its client as `client`."""

    def subscribe(user, name=""):
        browser = service.browser(name or f"{user.username}-{uuid4()}")
        browser.client = as_(user)
        answer = browser.client.post("/settings/notifications/devices/", browser.subscription)
        assert answer.status_code == 204, answer.content
        return browser

    return subscribe


@pytest.fixture
def deliver(db):
    """Send everything that waits, as if `later` had passed; without it, only what is due."""

    def deliver(later=timedelta(hours=1)):
        deliverer = Deliverer()
        deliverer.run_once()
        NotificationDelivery.objects.waiting().filter(hold="").update(due_at=F("due_at") - later)
        deliverer.run_once()

    return deliver


@pytest.fixture
def post():
    """Post a message: `post(plans, ana, "Hi @ben")`."""
    return lambda conversation, user, text, **options: conversation.post(user, text, uuid4(), **options)


@pytest.fixture
def notified():
    """Who was notified of a message, and why: {"ben": "mention"}."""
    return lambda message: dict(Notification.objects.filter(message=message).values_list("user__username", "reason"))
