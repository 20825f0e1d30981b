"""Sending in place: text survives failures of network, page and session, and is sent once."""

import re

from playwright.sync_api import expect

from chatsite.trials.client.proxy import Proxy
from conversations.tests.browser.conftest import PASSWORD, Visitor, sign_out


def test_a_page_that_was_offline_misses_nothing(people, served):
    with Proxy(served.port) as proxy:
        ana, ben = people(url=f"http://localhost:{proxy.port}")
        ana.page.goto(ana.page.url.replace(str(proxy.port), str(served.port)))  # bypasses the proxy
        ana.write("before")
        expect(ben.page.get_by_role("article")).to_have_count(1)
        proxy.cut()
        ana.send(*(f"meanwhile {number}" for number in range(50)))
        expect(ben.page.locator(".connection-status")).to_be_visible()
        ben.page.get_by_label("Message to").fill("from the tunnel")
        ben.page.keyboard.press("Enter")
        expect(ben.page.locator(".outbox")).to_contain_text("Not sent.")
        assert ben.page.get_by_role("article").count() == 1
        proxy.mend()
        expect(ben.page.get_by_role("article").last).to_contain_text("from the tunnel", timeout=30_000)
        expect(ben.page.locator(".connection-status")).to_be_hidden()
        expect(ben.page.locator(".outbox li")).to_have_count(0)
        words = ["before", *(f"meanwhile {number}" for number in range(50)), "from the tunnel"]
        expect(ben.page.locator("article .body")).to_have_text(words)
        expect(ana.page.get_by_role("article").last).to_contain_text("from the tunnel")


def test_a_draft_is_shown_on_another_device_until_it_is_sent(people, new_context):
    ana, _ = people()
    with ana.page.expect_response(re.compile("/draft/")):
        ana.page.get_by_label("Message to").fill("half a thou")
    phone = Visitor(new_context(storage_state=ana.page.context.storage_state()).new_page(), ana.url)
    phone.page.goto(ana.page.url)
    expect(phone.page.get_by_label("Message to")).to_have_value("half a thou")
    phone.write("half a thought")
    ana.page.reload()
    expect(ana.page.get_by_label("Message to")).to_have_value("")


def test_text_survives_the_end_of_the_session(people):
    ana, ben = people()
    ana.page.context.clear_cookies(name="sessionid")
    ana.page.get_by_label("Message to").fill("sent too late")
    ana.page.keyboard.press("Enter")
    ana.page.get_by_label("User name").fill("ana")
    ana.page.get_by_label("Password").fill(PASSWORD)
    ana.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(ana.page.get_by_role("article")).to_contain_text("sent too late")
    expect(ben.page.get_by_role("article")).to_contain_text("sent too late")
    expect(ana.page.locator(".outbox li")).to_have_count(0)


def test_a_page_works_again_after_signing_in_in_another_tab(people):
    ana, ben = people()
    other = ana.page.context.new_page()
    other.goto(ana.url)
    sign_out(other)
    expect(ana.page.get_by_text("You are signed out")).to_be_visible()
    other.get_by_label("User name").fill("ana")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", name="Inbox")).to_be_visible()
    ana.page.get_by_label("Message to").fill("from the old tab")
    ana.page.keyboard.press("Enter")
    expect(ben.page.get_by_role("article")).to_contain_text("from the old tab")
    expect(ana.page.get_by_role("article")).to_have_count(1)
    ana.troubles.clear()  # Chromium logs the status 403


def test_an_unsent_message_is_sent_once_after_a_reload(people):
    ana, ben = people()
    ana.page.route("**/messages/", lambda route: route.abort())
    with ana.page.expect_response(re.compile("/draft/")):
        ana.page.get_by_label("Message to").fill("only once")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(".outbox")).to_contain_text("Not sent.")
    ana.page.unroute("**/messages/")
    ana.page.reload()
    expect(ana.page.get_by_role("article")).to_contain_text("only once")
    expect(ana.page.get_by_label("Message to")).to_have_value("")
    expect(ben.page.get_by_role("article")).to_have_count(1)
    ana.troubles.clear()  # Chromium logs the refused request


def test_a_draft_sent_on_two_devices_is_posted_once(people, new_context):
    ana, ben = people()
    with ana.page.expect_response(re.compile("/draft/")):
        ana.page.get_by_label("Message to").fill("half a thought")
    phone = Visitor(new_context(storage_state=ana.page.context.storage_state()).new_page(), ana.url)
    phone.page.route("**/draft/", lambda route: route.abort())  # it would learn that the draft was sent
    phone.page.goto(ana.page.url)
    ana.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("article")).to_have_count(1)
    with phone.page.expect_response(re.compile("/messages/")):
        phone.page.get_by_role("button", name="Send").click()
    expect(phone.page.locator(".outbox li")).to_have_count(0)
    phone.page.unroute("**/draft/")
    phone.page.reload()
    phone.write("and another")
    expect(ben.page.get_by_role("article")).to_have_count(2)


def test_on_a_slow_network_a_message_is_never_shown_twice(people):
    ana, ben = people()
    held = []
    ana.page.route("**/messages/", lambda route: held.append((route, route.fetch())))
    ana.page.get_by_label("Message to").fill("only once")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("article")).to_contain_text("only once")
    expect(ana.page.get_by_role("main").get_by_text("only once").filter(visible=True)).to_have_count(1)
    [(route, answer)] = held
    route.fulfill(response=answer)
    expect(ana.page.locator(".outbox li")).to_have_count(0)
    expect(ana.page.get_by_role("article")).to_have_count(1)
    expect(ben.page.get_by_role("article")).to_have_count(1)


def test_a_message_whose_answer_is_lost_is_shown_once_and_tried_again(people):
    ana, ben = people()
    ana.page.route("**/messages/", lambda route: (route.fetch(), route.abort()), times=1)
    ana.page.get_by_label("Message to").fill("only once")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(".outbox li")).to_have_count(0)
    expect(ana.page.get_by_role("article")).to_have_count(1)
    expect(ben.page.get_by_role("article")).to_have_count(1)
    ana.troubles.clear()  # Chromium logs the refused request


def test_unsent_messages_are_shown_on_a_phone(people):
    ana, _ = people()
    ana.page.set_viewport_size({"width": 360, "height": 740})
    ana.page.route("**/messages/", lambda route: route.abort())
    ana.page.get_by_label("Message to").fill("from the tunnel")
    ana.page.get_by_role("button", name="Send").click()
    expect(ana.page.get_by_text("Not sent.")).to_be_visible()
    expect(ana.page.get_by_role("button", name="Try again")).to_be_visible()
    ana.page.get_by_role("button", name="Cancel sending").click()
    expect(ana.page.get_by_label("Message to")).to_have_value("from the tunnel")
    ana.troubles.clear()  # Chromium logs the refused request
