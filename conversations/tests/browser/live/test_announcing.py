"""Screen readers: the author, time and day of each message, and announcements of new messages, which can be paused."""

import re

from playwright.sync_api import expect

from chatsite.trials.client.proxy import Proxy
from conversations.tests.browser.conftest import choose

WATCH = """
window.told = [];
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) told.push(node.textContent);
  }).observe(document.querySelector("message-announcer [aria-live]"), { childList: true, subtree: true });
});
"""


def tree(page):
    """List what Chromium exposes to assistive technology: [(role, name)]."""
    client = page.context.new_cdp_session(page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and "role" in node
    ]


def test_a_message_is_an_article_named_by_author_and_time_under_its_day(people):
    ana, _ = people()
    ana.write("good morning")
    found = tree(ana.page)
    [message] = [name for role, name in found if role == "article"]
    assert re.fullmatch(r"ana \d\d:\d\d", message)
    day = [name for role, name in found if role == "heading" and re.fullmatch(r"Today\W+\w+day \d+ \w+", name)]
    assert len(day) == 1
    assert [role for role, _ in found].index("heading") < [role for role, _ in found].index("article")
    assert len([role for role, _ in found if role == "main"]) == 1


def test_messages_in_a_thread_are_named_as_well(people):
    ana, ben = people()
    ana.write("who brings the cake?")
    number = ana.page.get_by_role("article").get_attribute("id")[1:]
    for person in (ana, ben):
        person.page.goto(f"{person.url}/m/{number}/thread/")
    ana.page.get_by_label("Reply in thread").fill("I do")
    ana.page.keyboard.press("Enter")
    thread = ben.page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("article", name=re.compile(r"^ana \d\d:\d\d$"))).to_have_count(2)
    ids = ben.page.evaluate("[...document.querySelectorAll('article, article [id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids))


def test_messages_of_others_are_announced_once_and_politely(people):
    ana, ben = people(WATCH)
    ana.write("hello")
    ana.write("hello")
    expect(ben.page.get_by_role("article")).to_have_count(2)
    ben.page.wait_for_function("() => told.length")
    choose(ana.page.get_by_role("article").last, "Edit")
    ana.page.locator("article textarea").fill("hello again")
    ana.page.keyboard.press("Enter")
    expect(ben.page.get_by_role("article").last).to_contain_text("hello again")
    assert ben.page.evaluate("told") == ["ana: hello", "ana: hello"]
    assert ana.page.evaluate("told") == [], "own messages are not announced"
    expect(ben.page.locator("message-announcer > *")).to_have_attribute("aria-live", "polite")


def test_many_messages_at_once_are_announced_as_a_number(people, served):
    with Proxy(served.port) as proxy:
        ana, ben = people(WATCH, f"http://localhost:{proxy.port}")
        ana.page.goto(ana.page.url.replace(str(proxy.port), str(served.port)))  # bypasses the proxy
        proxy.cut()
        ana.send(*(f"meanwhile {number}" for number in range(5)))
        proxy.mend()
        expect(ben.page.get_by_role("article")).to_have_count(5, timeout=30_000)
        ben.page.wait_for_function("() => told.length")
        assert ben.page.evaluate("told") == ["5 new messages"]


def test_announcements_can_be_paused_and_resumed(people):
    ana, ben = people(WATCH)
    pause(ben)
    ben.page.reload()
    ben.page.locator(".head .more > summary").click()
    switch = ben.page.get_by_role("button", name="Announce new messages to screen readers")
    expect(switch).to_have_attribute("aria-pressed", "false")
    ana.write("unheard")
    expect(ben.page.get_by_role("article")).to_have_count(1)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    ana.write("heard")
    expect(ben.page.get_by_role("article")).to_have_count(2)
    ben.page.wait_for_function("() => told.length")
    assert ben.page.evaluate("told") == ["ana: heard"]


def pause(visitor):
    visitor.page.locator(".head .more > summary").click()
    visitor.page.get_by_role("button", name="Announce new messages to screen readers").click()
