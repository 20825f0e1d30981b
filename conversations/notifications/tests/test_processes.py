"""Several processes deliver at once, and some are killed: each push arrives, and no browser shows one twice."""

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from accounts.tests.factories import UserFactory
from chatsite.deliveries.deliverer import Deliverer
from chatsite.trials.client.site import environment, wait_for
from conversations.models import Conversation
from conversations.notifications.fan_out import empty_outbox
from conversations.notifications.models import Device, Notification, NotificationDelivery, PushKey
from conversations.notifications.push.encryption import from_base64
from conversations.notifications.tests.push_service import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def called(post, service, as_):
    """Call many people, who have a browser each, so that all pushes are due at once: `called(200)`."""

    def call(count):
        people = UserFactory.create_batch(count + 1)
        key = PushKey.objects.current()
        for person in people[1:]:
            client, found = as_(person), Browser(service, person.username).subscription
            values = {name: from_base64(found[name]) for name in ("p256dh", "auth")}
            visit = {"session_key": client.session.session_key, "credentials": person.get_session_auth_hash()}
            Device.objects.create(user=person, endpoint=found["endpoint"], key=key, **values, **visit)
        crew = Conversation.objects.start(people[0], "Crew", "open", people[1:])
        for start in range(0, count, 20):
            post(crew, people[0], " ".join(f"@{person.username}" for person in people[1:][start : start + 20]))
        while empty_outbox():
            pass
        NotificationDelivery.objects.over("push").update(due_at=timezone.now() - timedelta(seconds=1))

    return call


def sent(service):
    return Counter(path for path, _headers, _body in list(service.received))


def is_done():
    return not Notification.objects.waiting("push").exists()


def test_two_processes_that_deliver_at_once_send_each_push_once(called, service):
    called(200)
    deliverers = [Deliverer(), Deliverer()]
    for each in deliverers:
        each.start()
    wait_for(is_done)
    for each in deliverers:
        each.stop()
    for each in deliverers:
        each.join()
    assert len(sent(service)) == 200
    assert set(sent(service).values()) == {1}
    assert not NotificationDelivery.objects.over("push").exists()


@pytest.fixture
def start(service):
    """Start `manage.py deliver`, which is killed at the end at the latest."""
    started = []

    def start():
        there = connection.settings_dict
        user = f"{there['USER']}:{quote(there['PASSWORD'])}"
        variables = {
            "DATABASE_URL": f"postgresql://{user}@{quote(there['HOST'], safe='')}:{there['PORT']}/{there['NAME']}",
            "SECRET_KEY": site.SECRET_KEY,
            "SITE_URL": site.SITE_URL,
            "PUSH_SERVICES": service.origin,
            "HOOKS_MAY_CALL": service.origin.removeprefix("http://"),
        }
        command = [sys.executable, "manage.py", "deliver"]
        started.append(subprocess.Popen(command, cwd=site.BASE_DIR, env=environment(**variables)))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_process_that_is_killed_while_it_sends_loses_nothing(called, service, start):
    called(60)
    is_open, waiting = threading.Event(), []

    def slow(handler):
        """Take a push; every second one is answered only when its process has been killed."""
        service.received.append((handler.path, dict(handler.headers), b""))
        if len(service.received) % 2:
            waiting.append(handler.path)
            is_open.wait()
        handler.send_response(201)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    paths = [f"/push/{name}" for name in Device.objects.values_list("user__username", flat=True)]
    service.answers.update(dict.fromkeys(paths, (slow, {}, "")))
    killed = start()
    wait_for(lambda: len(waiting) >= 10)
    killed.kill()
    killed.wait()
    service.answers.clear()
    is_open.set()
    assert not is_done()
    # As if a minute had passed, which is how long its leases hold.
    NotificationDelivery.objects.filter(claimed_until__isnull=False).update(claimed_until=timezone.now())
    start()
    wait_for(is_done)
    assert sent(service).keys() == set(paths)
    again = {path for path, count in sent(service).items() if count > 1}
    assert again >= set(waiting)
    topics = {(path, headers["Topic"]) for path, headers, _body in service.received}
    assert len(topics) == len(paths), "a second push replaces the first"
