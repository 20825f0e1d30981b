"""Journeys of new people in a real browser, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Conversation, Message
from conversations.models.timeline.changes import CHANGES_PAGE
from conversations.tests.browser.conftest import PASSWORD, sign_out
from conversations.tests.factories import say

PHONE = {"viewport": {"width": 360, "height": 740}}
# Observers are notified in the order of creation: after this one, those of the page have seen the article as well.
ARTICLE_IS_SEEN = """() => new Promise((done) => {
  new IntersectionObserver(() => done()).observe(document.querySelector("article"));
})"""

# A page that has no stream asks every five seconds: here when the test calls turn().
TURNS_BY_HAND = """delete window.SharedWorker;
const { setInterval } = window;
window.setInterval = (run, ms) => {
  if (ms === 5000) window.turn = run;
  return setInterval(run, ms === 5000 ? 1e9 : ms);
};"""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_two_people_meet_and_talk(visitor, script, screen):
    ana, ben = (visitor(java_script_enabled=script, **screen) for _ in range(2))
    ana.sign_up("ana")
    ana.start("Town hall")
    ana.write("Hello everyone")

    ben.sign_up("ben")
    ben.page.locator(".workspace-menu > summary").click()
    ben.page.locator(".workspace-menu").get_by_role("link", name="All conversations").click()
    ben.page.get_by_role("button", name="Join Town hall").click()
    expect(ben.page.get_by_role("article")).to_contain_text(["Hello everyone", "ben joined"])
    ben.write("Hello ana")

    ana.page.goto(ana.url)
    entry = ana.page.locator("main [data-entry]", has_text="Town hall")
    expect(entry).to_contain_text("ben: Hello ana")
    expect(entry).to_contain_text("1 unread")
    entry.click()
    expect(ana.page.get_by_role("article").last).to_be_in_viewport()
    if script:
        expect(ana.page).not_to_have_title(re.compile(r"^\(1\)"))
    else:
        ana.page.get_by_role("button", name="Mark as read").click()
    expect(ana.page.get_by_role("button", name="Mark as read")).to_be_hidden()
    ana.page.goto(ana.url)
    expect(entry).not_to_contain_text("unread")


def test_reading_older_pages_and_returning_to_the_newest_without_scripts(visitor):
    ana = visitor(java_script_enabled=False)
    ana.sign_up("ana")
    ana.start("Long talk")
    say(Conversation.objects.get(), User.objects.get(), *(f"number {number}" for number in range(45)))
    ana.page.reload()
    expect(ana.page.get_by_text("number 44", exact=True)).to_be_in_viewport()
    ana.page.get_by_role("link", name="Older messages").click()
    ana.page.get_by_role("link", name="Older messages").click()
    expect(ana.page.get_by_role("article")).to_have_count(5)
    expect(ana.page.get_by_role("link", name="Older messages")).to_have_count(0)
    ana.page.get_by_role("link", name="Newer messages").click()
    expect(ana.page.get_by_text("number 5", exact=True)).to_be_in_viewport()
    ana.page.get_by_role("link", name="Jump to newest").click()
    expect(ana.page.get_by_text("number 44", exact=True)).to_be_in_viewport()


def test_enter_sends_and_shift_enter_starts_a_line(visitor):
    ana = visitor()
    ana.sign_up("ana")
    ana.start("Town hall")
    ana.write("by key", by_key=True)
    box = ana.page.get_by_label("Message to")
    expect(box).to_be_focused()
    box.press_sequentially("two")
    box.press("Shift+Enter")
    box.press_sequentially("lines")
    box.press("Enter")
    expect(ana.page.get_by_role("article").last.locator(".body p")).to_have_text(re.compile("two\\s*lines"))


def test_a_double_click_sends_once(visitor):
    ana = visitor(java_script_enabled=False)
    ana.sign_up("ana")
    ana.start("Town hall")
    ana.page.get_by_label("Message to").fill("only once")
    ana.page.get_by_role("button", name="Send").dblclick()
    expect(ana.page.get_by_role("article")).to_have_text(re.compile("only once"))
    assert Message.objects.count() == 1


def test_the_text_of_a_refused_message_is_returned(visitor):
    ana = visitor(java_script_enabled=False)
    ana.sign_up("ana")
    ana.start("Town hall")
    ana.page.evaluate("document.querySelector('textarea').removeAttribute('maxlength')")
    ana.page.get_by_label("Message to").fill("long " * 2001)
    ana.page.get_by_role("button", name="Send").click()
    expect(ana.page.get_by_text("at most 10000 characters")).to_be_visible()
    assert ana.page.get_by_label("Message to").input_value() == "long " * 2001
    ana.troubles.clear()  # Chromium notes the status 422 itself


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_start_a_private_conversation_add_people_leave_and_sign_out(visitor, script):
    ben, ana = visitor(), visitor(java_script_enabled=script)
    ben.sign_up("ben")
    ana.sign_up("ana")
    ana.start("Plans", kind="Private")
    ana.page.locator(".head").get_by_role("link", name="Members").first.click()
    ana.page.get_by_text("Add people", exact=True).first.click()
    ana.choose("ben", script=script)
    ana.page.get_by_role("button", name="Add", exact=True).click()
    expect(ana.page.get_by_text("ben can now read and write here.")).to_be_visible()
    ana.page.get_by_role("button", name="Leave Plans").click()
    expect(ana.page.get_by_text("Make somebody else an owner first.")).to_be_visible()
    ana.troubles.clear()  # Chromium notes the status 403 itself
    ana.page.get_by_label("Manage ben", exact=True).first.click()
    ana.page.get_by_role("button", name="Make owner").click()
    ana.page.get_by_role("button", name="Leave Plans").click()
    expect(ana.page.get_by_text("You have left Plans.")).to_be_visible()
    sign_out(ana.page)
    ana.page.get_by_label("User name").fill("ana")
    ana.page.get_by_label("Password").fill(PASSWORD)
    ana.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(ana.page.get_by_role("heading", name="Inbox")).to_be_visible()


def test_pages_poll_for_changes_without_a_stream(visitor):
    """The live server of these tests has no streams."""
    ana = visitor()
    ana.sign_up("ana")
    ana.start("Town hall")
    town, ben = Conversation.objects.get(), User.objects.create(username="ben", email="ben@example.org")
    town.admit([ben])
    message = say(town, ben, "hello")
    expect(ana.page.get_by_role("article")).to_contain_text("hello", timeout=10_000)
    message.edit(ben, "goodbye")
    expect(ana.page.get_by_role("article")).to_contain_text("goodbye", timeout=10_000)


def test_a_page_that_asks_for_changes_catches_up_at_once(visitor):
    """An answer holds at most 100 changes: the page goes on until it has all, without waiting for its next turn."""
    ana = visitor()
    ana.sign_in("ana", to="Town hall")
    ana.page.add_init_script(TURNS_BY_HAND)
    streams = []
    ana.page.route(
        "**/events/**", lambda route: streams.append(route) if streams else streams.append(route.continue_())
    )
    with ana.page.expect_response("**/changes/**"):
        ana.page.reload()
    town, ben = Conversation.objects.get(), User.objects.create(username="ben", email="ben@example.org")
    town.admit([ben])
    for number in range(2 * CHANGES_PAGE + 1):
        say(town, ben, f"number {number}")
    expect(ana.page.locator(".connection-status")).to_be_hidden()
    ana.page.wait_for_function("() => window.turn")  # until it no longer waits for the stream
    ana.page.evaluate("turn()")
    expect(ana.page.get_by_role("article").filter(has_text="number")).to_have_count(2 * CHANGES_PAGE + 1)
    expect(ana.page.get_by_role("article").last).to_contain_text(f"number {2 * CHANGES_PAGE}")
    ana.page.unroute_all(behavior="ignoreErrors")


def test_the_time_zone_is_taken_from_the_browser(visitor):
    ana = visitor(timezone_id="Asia/Tokyo")
    ana.sign_up("ana")
    assert User.objects.get().time_zone == "Asia/Tokyo"


def test_a_hidden_page_does_not_move_the_read_marker(visitor):
    ana = visitor()
    ana.sign_up("ana")
    ana.start("Town hall")
    town, ben = Conversation.objects.get(), User.objects.create(username="ben", email="ben@example.org")
    address = ana.page.url
    ana.page.goto("about:blank")  # a visible page would mark new messages as read
    town.admit([ben])
    say(town, ben, "hello")
    ana.page.add_init_script("Object.defineProperty(document, 'visibilityState', {value: 'hidden', writable: true})")
    ana.page.clock.install()
    ana.page.goto(address)
    marks = []
    ana.page.on("request", lambda request: request.url.endswith("/mark-read/") and marks.append(request.url))
    ana.page.evaluate(ARTICLE_IS_SEEN)
    ana.page.clock.run_for(60_000)
    ana.page.evaluate("fetch('/healthz').then((answer) => answer.text())")  # a request after all others
    assert marks == []
    assert Conversation.objects.inbox_of(User.objects.get(username="ana")).get().unread == 1
    ana.page.evaluate("document.visibilityState = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    with ana.page.expect_response("**/mark-read/"):
        ana.page.clock.run_for(60_000)
    assert Conversation.objects.inbox_of(User.objects.get(username="ana")).get().unread == 0
