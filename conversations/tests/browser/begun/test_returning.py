"""Back and Forward show the page as it is now: the draft that the server has, and nothing to the next person."""

import re

import pytest
from playwright.sync_api import expect

from conversations.models import Membership, Message
from conversations.tests.browser.conftest import sign_in, sign_out
from conversations.tests.factories import say

WORDS = "thirty-four characters of thought"
COMPARED = "() => { window.compared = new Promise((done) => addEventListener('compared', done)); }"


@pytest.fixture
def ana(visitor):
    ana = visitor()
    ana.sign_in("ana", to="Town hall")
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    return ana


def begin(ana, words):
    with ana.page.expect_response("**/draft/"):
        ana.page.get_by_label("Message to").fill(words)


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_back_shows_the_draft_of_the_server_which_further_typing_extends(ana):
    begin(ana, WORDS)
    follow(ana.page, "Saved")
    ana.page.go_back()
    box = ana.page.get_by_label("Message to")
    expect(box).to_have_value(WORDS)
    expect(box).to_be_focused()
    with ana.page.expect_response("**/draft/"):
        ana.page.keyboard.press("End")
        ana.page.keyboard.type(" ok")
    assert Membership.objects.get().draft == f"{WORDS} ok"


def test_forward_shows_the_draft_of_the_server(ana):
    address = ana.page.url
    ana.page.goto(f"{ana.url}/people/")
    ana.page.goto(address)
    begin(ana, WORDS)
    ana.page.go_back()
    ana.page.go_forward()
    expect(ana.page.get_by_label("Message to")).to_have_value(WORDS)


def test_nothing_can_be_typed_before_the_page_is_compared(ana):
    begin(ana, WORDS)
    follow(ana.page, "Saved")
    held = []

    def hold(route):
        if route.request.is_navigation_request():
            route.continue_()
        else:
            held.append(route)

    ana.page.route("**/c/*/", hold)
    ana.page.go_back(wait_until="commit")
    ana.page.wait_for_function("() => document.body?.inert")
    ana.page.keyboard.type("too early")
    assert ana.page.get_by_label("Message to", exact=False).input_value() in ("", WORDS)
    ana.page.wait_for_function("() => document.readyState === 'complete'")
    held.pop().continue_()
    expect(ana.page.get_by_label("Message to")).to_have_value(WORDS)
    expect(ana.page.get_by_label("Message to")).to_be_focused()


def test_back_to_the_inbox_shows_what_was_read_meanwhile(ana, visitor):
    town = Membership.objects.get().conversation
    ana.page.goto(ana.url)
    other = visitor()
    other.sign_in("ben")
    town.admit([Membership.user.field.related_model.objects.get(username="ben")])
    say(town, Membership.objects.get(user__username="ben").user, "news")
    ana.page.reload()
    entry = ana.page.get_by_role("navigation", name="Conversations", exact=True).locator(
        "[data-entry]", has_text="Town hall"
    )
    expect(entry).to_contain_text("1 unread")
    with ana.page.expect_response("**/mark-read/"):
        entry.click()
    ana.page.go_back()
    expect(entry).not_to_contain_text("unread")
    expect(ana.page).to_have_title(re.compile("^Inbox"))


def test_back_to_an_edit_shows_the_text_of_today(ana):
    ana.write("frist")
    message = Message.objects.get()
    ana.page.goto(f"{ana.url}/m/{message.pk}/edit/")
    follow(ana.page, "Saved")
    message.edit(message.user, "first, as corrected on the phone")
    ana.page.go_back()
    expect(ana.page.get_by_label("Message text", exact=True)).to_have_value("first, as corrected on the phone")


def test_back_after_signing_out_shows_nothing(ana):
    ana.write("between us")
    follow(ana.page, "Saved")
    sign_out(ana.page)
    expect(ana.page.get_by_label("Password")).to_be_visible()
    ana.page.go_back()
    expect(ana.page.get_by_label("Password")).to_be_visible()
    ana.page.go_back()
    expect(ana.page.get_by_label("Password")).to_be_visible()
    assert "between us" not in ana.page.content()


@pytest.mark.parametrize("next_person", [None, "ben"])
def test_back_after_the_session_has_ended_elsewhere_shows_nothing_of_theirs(ana, visitor, next_person):
    ana.write("between us")
    follow(ana.page, "Saved")
    ana.page.context.clear_cookies(name="sessionid")
    if next_person:
        ben = visitor()
        ben.sign_in("ben")
        ana.page.context.add_cookies(ben.page.context.cookies())
    ana.page.go_back()
    if next_person:
        expect(ana.page.get_by_text("You are reading as a visitor.")).to_be_visible()
    else:
        sign_in(ana.page, "ana")
        expect(ana.page.get_by_role("article")).to_contain_text("between us")
    ana.troubles.clear()  # Chromium logs refused requests


def test_a_page_restored_from_memory_is_compared_too(ana):
    begin(ana, WORDS)
    Membership.objects.update(draft="changed on the phone", draft_key="6f1f3f0e-3f0e-4f0e-8f0e-0123456789ab")
    ana.page.evaluate(COMPARED)
    ana.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    ana.page.evaluate("() => window.compared")
    expect(ana.page.get_by_label("Message to")).to_have_value("changed on the phone")
