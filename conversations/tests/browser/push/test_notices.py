"""Notifications and sounds while pages are open, in browsers without push; and closing those of what was read."""

import json
import re

import psycopg
import pytest
from playwright.sync_api import expect

from chatsite.postgres import cluster
from conversations.tests.browser.push.conftest import Device, payload, wait_until

TURN_ON = """() => localStorage.setItem(`notifications of ${document.querySelector("main").dataset.person}`, "open")"""
COUNT = """
window.shown = 0;
const show = ServiceWorkerRegistration.prototype.showNotification;
ServiceWorkerRegistration.prototype.showNotification = function (...all) { shown += 1; return show.apply(this, all); };
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (moment) { tones += 1; start.call(this, moment); };
"""
READ, GONE = 204, 404


class Ben(Device):
    """Ben's browser on a running site, which knows of each message what `notices` says: a status, or a notice."""

    def __init__(self, visitor, site):
        visitor.page.context.grant_permissions(["notifications"], origin=visitor.url)
        visitor.page.evaluate(TURN_ON)
        super().__init__(visitor)
        self.visitor, self.site, self.notices, self.asked = visitor, site, {}, []
        self.page.context.route(re.compile(r"/m/\d+/notice/$"), self.answer)
        self.conversation = re.search(r"/c/(\d+)/", self.page.url)[1]
        self.id = self.page.locator("main").get_attribute("data-person")

    def answer(self, route):
        number = int(route.request.url.split("/")[-3])
        self.asked.append(number)
        found = self.notices.get(number, READ)
        if isinstance(found, int):
            route.fulfill(status=found)
        else:
            route.fulfill(status=200, content_type="application/json", body=json.dumps(found))

    def notify(self, message, conversation=None):
        """Let the server announce a message of which Ben is to be notified."""
        shown = payload(conversation or self.conversation, message, self.url)["notification"]
        self.notices[message] = {name: shown[name] for name in ("title", "body", "navigate", "tag", "lang", "dir")}
        self.announce(message)

    def announce(self, message):
        with psycopg.connect(**cluster.connection(self.site.folder / "postgres"), autocommit=True) as server:
            server.execute("SELECT pg_notify('chatsite', %s)", [f"notice {message} {self.id}"])

    def open_tab(self, path):
        tab = self.page.context.new_page()
        with tab.expect_event("console", lambda line: line.text == "live"):
            tab.add_init_script("document.addEventListener('live', () => console.info('live'), { once: true });")
            tab.goto(self.url + path)
        return tab


@pytest.fixture
def both(people, served):
    """Ana, and Ben's browser."""
    ana, ben = people(COUNT)
    return ana, Ben(ben, served)


def test_one_of_several_tabs_shows_the_notification(both):
    _ana, ben = both
    ben.page.goto(ben.url)
    tabs = [ben.page, ben.open_tab("/threads/"), ben.open_tab("/saved/")]
    ben.notify(12)
    [shown] = ben.expect_shown(f"c{ben.conversation}")
    assert (shown.title, shown.body) == ("Ana · Plans", "message 12")
    ben.notify(13, conversation=8)
    ben.expect_shown(f"c{ben.conversation}", "c8")
    assert sum(tab.evaluate("shown") for tab in tabs) == 2
    assert set(ben.asked) == {12, 13}  # also by tabs that look for what they can close
    with ben.page.context.expect_event("request", lambda request: request.url == f"{ben.url}/m/13/"):
        ben.click("c8")


def test_no_tab_shows_a_notification_of_the_conversation_on_the_screen(both):
    _ana, ben = both
    other = ben.open_tab("/threads/")
    ben.notify(12)
    wait_until(other, lambda: ben.asked == [12])
    ben.notify(13, conversation=8)
    ben.expect_shown("c8")
    ben.page.goto(f"{ben.url}/saved/")
    ben.notify(14)
    ben.expect_shown("c8", f"c{ben.conversation}")


def test_what_was_read_meanwhile_shows_nothing(both):
    _ana, ben = both
    ben.page.goto(f"{ben.url}/saved/")
    ben.notify(12)
    ben.expect_shown(f"c{ben.conversation}")
    ben.notices[13] = READ
    ben.announce(13)
    ben.notify(14, conversation=8)
    ben.expect_shown(f"c{ben.conversation}", "c8")
    assert set(ben.asked) == {12, 13, 14}


def test_a_chosen_sound_plays_in_one_tab(both):
    _ana, ben = both
    ben.page.goto(f"{ben.url}/settings/notifications/")
    play = ben.page.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_hidden()
    ben.page.get_by_label("Sound", exact=True).select_option("Drop")
    play.click()
    ben.page.wait_for_function("() => tones === 2")
    ben.page.get_by_role("button", name="Save", exact=True).click()
    expect(ben.page.get_by_text("Saved.", exact=True)).to_be_visible()
    ben.page.get_by_role(
        "heading", name="Notifications", exact=True
    ).click()  # browsers play nothing before a page is used
    ben.notify(12)
    ben.page.wait_for_function("() => tones === 2")
    ben.expect_shown(f"c{ben.conversation}")


def test_notifications_are_closed_when_their_messages_were_read(both, new_context):
    ana, ben = both
    ben.page.goto(f"{ben.url}/saved/")
    ana.write("@ben, look")
    expect(ben.page.locator("[data-entry]", has_text="Town hall")).to_have_attribute("data-unread", "1")
    ben.notices |= {12: {}, 13: {}}
    for conversation, message in ((ben.conversation, 12), ("8", 13)):
        ben.push(payload(conversation, message, ben.url))
    ben.expect_shown(f"c{ben.conversation}", "c8")
    ben.notices[12] = READ
    phone = new_context(storage_state=ben.page.context.storage_state()).new_page()
    phone.goto(ana.page.url)
    ben.expect_shown("c8")
    assert ben.notices[13] == {}, "which is unread"


def test_a_page_closes_what_was_read_or_deleted_before_it_was_opened(both):
    _ana, ben = both
    ben.page.goto(f"{ben.url}/saved/")
    ben.notices |= {12: READ, 13: GONE, 14: {}}
    for message in (12, 13, 14):
        ben.push(payload(message, message, ben.url))
    ben.push("unreadable")
    ben.expect_shown("c12", "c13", "c14", "unreadable")
    ben.page.reload()
    ben.expect_shown("c14")
    ben.visitor.troubles.clear()  # the browser reports the status


def test_deleting_a_message_closes_its_notification(both):
    ana, ben = both
    ana.write("too early")
    article = ben.page.get_by_role("article")
    expect(article).to_contain_text("too early")
    number = int(article.get_attribute("id")[1:])
    ben.notices[number] = {}
    ben.push(payload(ben.conversation, number, ben.url))
    ben.expect_shown(f"c{ben.conversation}")
    ben.notices[number] = GONE
    ana.page.get_by_role("article").hover()
    ana.page.get_by_role("article").locator(".tools summary").click()
    ana.page.get_by_role("button", name="Delete", exact=True).click()
    expect(article).to_have_count(0)
    ben.expect_shown()
    ben.visitor.troubles.clear()  # the browser reports the status
