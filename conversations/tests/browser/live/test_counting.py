"""Unread counts in titles and badges, in all tabs, and readers who see new messages without reading them."""

import re

from playwright.sync_api import expect

from chatsite.trials.client.proxy import Proxy

WATCH_BADGE = "window.badges = []; navigator.setAppBadge = async (number) => badges.push(number)"
READ, UNREAD = re.compile(r"^[^(]"), re.compile(r"^\(2\) ")


def test_titles_and_badges_follow_what_another_tab_reads(people):
    ana, ben = people(WATCH_BADGE)
    town = ben.page.url
    ben.page.goto(f"{ben.url}/saved/")
    tabs = [ben.page, ben.page.context.new_page()]
    tabs[1].goto(f"{ben.url}/threads/")
    ana.send("one", "two")
    for tab in tabs:
        expect(tab).to_have_title(UNREAD)
        tab.wait_for_function("() => badges.at(-1) === 2")
    ben.page.context.new_page().goto(town)
    for tab in tabs:
        expect(tab).to_have_title(READ)
        tab.wait_for_function("() => badges.at(-1) === 0")


def test_a_page_notices_what_was_read_elsewhere_while_it_had_no_connection(people, served, new_context):
    with Proxy(served.port) as proxy:
        ana, ben = people(url=f"http://localhost:{proxy.port}")
        town = ben.page.url.replace(str(proxy.port), str(served.port))
        ben.page.goto(f"{ben.url}/saved/")
        ana.page.goto(town)
        ana.send("one", "two")
        expect(ben.page).to_have_title(UNREAD)
        ben.page.reload()  # a page that shows the messages as older ones
        expect(ben.page).to_have_title(UNREAD)
        expect(ben.page.locator("live-sidebar")).to_have_attribute("data-unread", "2")
        ben.page.evaluate("() => document.addEventListener('live', ({ detail }) => (window.heard = detail.name))")
        ben.page.wait_for_function("() => window.heard === 'threads'")
        proxy.cut()
        phone = new_context(storage_state=ben.page.context.storage_state()).new_page()
        with phone.expect_response("**/mark-read/"):
            phone.goto(town)
        proxy.mend()
        expect(ben.page).to_have_title(READ, timeout=30_000)
        expect(ben.page.locator("[data-entry][data-unread]")).to_have_count(0)


def test_readers_who_scrolled_up_are_reported_as_looking_once(people):
    ana, ben = people()
    reports = []

    def report(route):
        reports.append(route.request.url)
        route.fulfill(status=204)

    ben.page.route("**/looking/", report)
    ana.send(*(f"line {number}" for number in range(30)))
    expect(ben.page.get_by_role("article").last).to_contain_text("line 29")
    ben.page.locator(".scroller").evaluate("(element) => (element.scrollTop = -600)")
    reports.clear()  # while the messages arrived
    ben.page.clock.install()
    ben.page.clock.fast_forward(60_000)
    ana.send("unseen")
    expect(ben.page.get_by_role("button", name="1 new message")).to_be_visible()
    ben.page.clock.run_for(1100)
    ana.send("unseen, too")
    expect(ben.page.get_by_role("button", name="2 new messages")).to_be_visible()
    ben.page.clock.run_for(1100)
    assert [re.search(r"/c/\d+/looking/$", url) is not None for url in reports] == [True]
    ben.page.clock.run_for(30_000)
    with ben.page.expect_request("**/looking/"):
        ana.send("later")
        expect(ben.page.get_by_role("button", name="3 new messages")).to_be_visible()
        ben.page.clock.run_for(1100)


def test_messages_that_are_read_at_once_are_not_reported(people):
    ana, ben = people()
    asked = []
    ben.page.on("request", lambda request: asked.append(request.url))
    with ben.page.expect_response("**/mark-read/"):
        ana.write("here")
    ben.page.wait_for_timeout(1200)  # longer than until it would be reported
    assert [url for url in asked if url.endswith("/mark-read/")]
    assert [url for url in asked if url.endswith("/looking/")] == []
