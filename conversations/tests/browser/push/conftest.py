import json
import time
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error, expect

from chatsite.trials.client.browsers import WITH_WINDOWS, find_browser
from conversations.tests.browser.push import urls

SHOWN = """async () => {
  const found = await (await navigator.serviceWorker.ready).getNotifications();
  return found.map(({ title, body, tag, lang, dir, actions }) => ({ title, body, tag, lang, dir, actions }));
}"""
# As if somebody clicked on it. Only real clicks may open and focus windows.
CLICK = """async ([tag, action]) => {
  const [notification] = await registration.getNotifications({ tag });
  dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
}"""
ACTIVE = "async () => (await navigator.serviceWorker.ready).active.state === 'activated'"
WINDOWS = "self.opened = []; Clients.prototype.openWindow = async (address) => { opened.push(address); };"
BADGES = "self.badges = []; navigator.setAppBadge = async (number) => { badges.push(number); };"


@pytest.fixture(scope="session")
def whole_browser(browser_type, browser_type_launch_args):
    """Start a browser that may show notifications, which those without windows may not."""
    found = browser_type.launch(**browser_type_launch_args | {"executable_path": find_browser(WITH_WINDOWS)})
    yield found
    found.close()


@pytest.fixture(scope="session")
def browser(whole_browser):
    return whole_browser


@pytest.fixture
def received(settings):
    """List what the browser posts: (name of the view, form)."""
    settings.ROOT_URLCONF = urls.__name__
    urls.received.clear()
    urls.answers.clear()
    return urls.received


class Device:
    """The browser of a person, to which the server can push."""

    def __init__(self, visitor):
        self.page, self.url = visitor.page, visitor.url
        self.page.wait_for_function(ACTIVE)
        self.page.reload()  # pages that were loading meanwhile are not controlled
        [self.worker] = self.page.context.service_workers
        self.worker.evaluate(f"() => {{ {WINDOWS} {BADGES} }}")
        self.devtools = self.page.context.new_cdp_session(self.page)
        registered = []
        self.devtools.on(
            "ServiceWorker.workerRegistrationUpdated", lambda event: registered.extend(event["registrations"])
        )
        self.devtools.send("ServiceWorker.enable")
        wait_until(self.page, lambda: registered)
        self.registration = registered[0]["registrationId"]

    def push(self, payload):
        """Push a payload, as a dict or as text that is no JSON."""
        data = payload if isinstance(payload, str) else json.dumps(payload)
        receiver = {"origin": self.url, "registrationId": self.registration}
        self.devtools.send("ServiceWorker.deliverPushMessage", receiver | {"data": data})

    def shown(self):
        return [SimpleNamespace(**each) for each in self.page.evaluate(SHOWN)]

    def expect_shown(self, *tags):
        """Wait until exactly the notifications with these tags are shown; return them."""
        wait_until(self.page, lambda: sorted(each.tag for each in self.shown()) == sorted(tags))
        return self.shown()

    def click(self, tag, action=""):
        self.worker.evaluate(CLICK, [tag, action])

    def opened(self):
        return self.worker.evaluate("() => opened")


@pytest.fixture
def ana(visitor, received):
    """Ana's browser, in which she has allowed notifications."""
    person = visitor(permissions=["notifications"])
    person.sign_in("ana", to="Plans")
    return Device(person)


def wait_until(page, condition, seconds=10):
    """Wait until a condition holds, which may fail meanwhile because the page changes."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except Error:
            expect(page.locator("body")).to_be_visible()
        assert time.monotonic() < deadline, "this does not come true"
        page.wait_for_timeout(50)


def payload(conversation=7, message=12, site="https://chat.example", **others):
    """Return what the server pushes for a message, as one of others={…} says."""
    address = f"{site}/m/{message}/"
    return {
        "web_push": 8030,
        "mutable": True,
        "app_badge": 3,
        "notification": {
            "title": "Ana · Plans",
            "body": f"message {message}",
            "navigate": address,
            "tag": f"c{conversation}",
            "lang": "de",
            "dir": "auto",
            "silent": False,
            "app_badge": "3",
            "actions": [
                {"action": "reply", "title": "Reply", "navigate": f"{address}reply/"},
                {"action": "read", "title": "Mark as read", "navigate": address},
            ],
        },
        "mark_read": f"token of {message}",
        **others,
    }
