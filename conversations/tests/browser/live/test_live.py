"""Two people in real browsers on a running site: each sees at once what the other does."""

import asyncio
import random
import re

import pytest
from playwright.sync_api import expect

from chatsite.trials.client.person import Person
from chatsite.trials.client.proxy import Proxy
from chatsite.trials.client.threads import run_in_thread
from conversations.tests.browser.conftest import Visitor, choose

ALONE = "delete window.SharedWorker"


@pytest.mark.parametrize("script", ["", ALONE], ids=["shared stream", "stream of its own"])
def test_a_message_appears_without_a_reload(people, script):
    ana, ben = people(script)
    asked = []
    ben.page.on("request", lambda request: asked.append(request))
    with ben.page.expect_request("**/mark-read/"):
        for number in range(9):
            words = f"number {number}"
            ana.page.get_by_label("Message to").fill(words)
            ana.page.keyboard.press("Enter")
            ben.page.get_by_role("article").filter(has_text=words).wait_for()
    expect(ana.page.get_by_role("article")).to_have_count(9)
    expect(ben.page.get_by_role("article")).to_have_count(9)
    expect(ben.page.get_by_role("article").last).to_be_in_viewport()
    expect(ben.page.locator(".day")).to_have_count(1)
    assert any(request.url.endswith("/mark-read/") for request in asked), "requests are recorded"
    assert [each.url for each in asked if "/changes/" in each.url or each.is_navigation_request()] == []


def test_edits_deletions_and_undo_appear_live(people):
    ana, ben = people()
    ana.write("frist")
    choose(ana.page.get_by_role("article"), "Edit")
    ana.page.get_by_label("Message text", exact=True).fill("first")
    ana.page.keyboard.press("Enter")
    expect(ben.page.get_by_role("article")).to_contain_text(re.compile("first.*(edited)", re.DOTALL))
    choose(ana.page.get_by_role("article"), "Delete")
    expect(ben.page.get_by_role("article")).to_have_count(0)
    ana.page.get_by_role("button", name="Undo").click()
    expect(ben.page.get_by_role("article")).to_contain_text("first")


def test_the_inbox_counts_new_messages_and_reading_on_another_device(people, new_context):
    ana, ben = people()
    ben.page.goto(ben.url)
    entry = ben.page.get_by_role("navigation", name="Your conversations").get_by_role("link", name="Town hall")
    sidebar = ben.page.get_by_role("navigation", name="Conversations", exact=True)
    row = sidebar.get_by_role("link", name=re.compile("^Town hall"))
    ana.write("one")
    expect(entry).to_contain_text("1 unread")
    expect(row).to_contain_text("1 unread")
    ana.write("two")
    expect(entry).to_contain_text("ana: two")
    expect(entry).to_contain_text("2 unread")
    expect(ben.page).to_have_title(re.compile(r"^\(2\) Inbox"))
    phone = Visitor(new_context(storage_state=ben.page.context.storage_state()).new_page(), ben.url)
    phone.page.goto(ana.page.url)
    expect(entry).not_to_contain_text("unread")
    expect(row).not_to_contain_text("unread")
    expect(ben.page).to_have_title(re.compile("^Inbox"))


def test_the_sidebar_marks_the_open_conversation_on_its_other_pages_too(people):
    ana, ben = people()
    ben.page.goto(re.sub(r"(/c/\d+/).*", r"\1members/", ben.page.url))
    row = ben.page.locator("live-sidebar [data-entry]").filter(has_text="Town hall")
    expect(row).to_have_attribute("aria-current", "page")
    ana.write("one")
    expect(row).to_contain_text("1 unread")
    expect(row).to_have_attribute("aria-current", "page")


def test_after_many_changes_the_page_equals_a_reloaded_one(people, served, new_context):
    """Many posts, edits, deletions and restorations, while the stream is cut again and again."""
    with Proxy(served.port, seconds=0.7) as proxy:
        ana, ben = people()
        ben.page.goto(ben.page.url.replace(str(served.port), str(proxy.port)))
        cookies = {each["name"]: each["value"] for each in ana.page.context.cookies()}
        conversation = int(re.search(r"/c/(\d+)/", ana.page.url)[1])
        run_in_thread(make_changes(Person(served.port, cookies), conversation, random.Random(7)))
        fresh = new_context(storage_state=ben.page.context.storage_state()).new_page()
        fresh.goto(f"{served.url}/c/{conversation}/")
        newest = fresh.get_by_role("article").last.get_attribute("id")
        expect(ben.page.locator(f"#{newest}")).to_be_visible(timeout=15_000)
        revision = fresh.locator(".timeline").get_attribute("data-revision")
        expect(ben.page.locator(".timeline")).to_have_attribute("data-revision", revision, timeout=15_000)
        shown, reloaded = (page.get_by_role("article").evaluate_all(AS_SHOWN) for page in (ben.page, fresh))
        count = min(len(shown), len(reloaded))
        assert count >= 20
        assert shown[-count:] == reloaded[-count:]
        assert len({each[0] for each in shown}) == len(shown)
        ben.troubles.clear()  # Chromium logs cut connections


AS_SHOWN = """(articles) => articles.map((article) => [
  article.id, article.dataset.revision, article.querySelector(".body").textContent,
])"""


async def make_changes(person, conversation, chance):
    """Post, edit, delete and restore messages of one person at random."""
    ids = []
    for number in range(120):
        verb = chance.choice(["post", "post", "post", "edit", "delete", "restore"]) if ids else "post"
        if verb == "post":
            ids.append(await person.send_for_sure(conversation, f"number {number}", []))
        else:
            await person.post(f"/m/{chance.choice(ids[-15:])}/{verb}/", {"content": f"edited {number}"})
    person.hang_up()
    await asyncio.sleep(0.1)


def test_two_tabs_share_one_stream(people, served):
    ana, ben = people()
    second = ben.page.context.new_page()
    second.goto(ben.page.url)
    ana.write("to both")
    for page in (ben.page, second):
        expect(page.get_by_role("article").last).to_contain_text("to both")
    second.close()
    ana.write("to one")
    expect(ben.page.get_by_role("article").last).to_contain_text("to one")


def test_new_messages_do_not_move_the_view_of_a_reader(people):
    ana, ben = people()
    ana.send(*(f"line {number}\n\n" + "text\n\n" * 5 for number in range(15)))
    expect(ben.page.get_by_role("article")).to_have_count(15)
    third = ben.page.get_by_role("article").nth(2)
    third.scroll_into_view_if_needed()
    top = third.bounding_box()["y"]
    ana.write("new below")
    jump = ben.page.get_by_role("button", name="1 new message")
    expect(jump).to_be_visible()
    assert abs(third.bounding_box()["y"] - top) < 3
    jump.click()
    expect(ben.page.get_by_role("article").last).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_a_page_is_closed_when_its_reader_leaves_the_conversation(people):
    ana, ben = people()
    ben.page.goto(ben.url + "/c/new/")
    ben.page.get_by_label("Private").check()
    ben.page.get_by_label("Title").fill("Secret")
    ben.choose("ana")
    ben.page.get_by_role("button", name="Start").click()
    ben.write("for us")
    ana.page.goto(ben.page.url.partition("#")[0])
    expect(ana.page.get_by_role("article")).to_contain_text("for us")
    other = ana.page.context.new_page()
    other.goto(ana.page.url.rstrip("/") + "/members/")
    other.get_by_role("button", name="Leave Secret").click()
    expect(ana.page.get_by_text("You can no longer see this conversation.")).to_be_visible()
    expect(ana.page.get_by_role("navigation", name="Conversations", exact=True)).not_to_contain_text("Secret")
    ana.troubles.clear()  # Chromium logs the status 404


def test_jump_to_the_first_unread_message(people):
    ana, ben = people()
    address = ben.page.url
    ben.page.goto(ben.url)
    ana.send(*(f"line {number} " + "text " * 30 for number in range(30)))
    ben.page.goto(address)
    expect(ben.page).not_to_have_title(re.compile(r"^\("))
    ben.page.get_by_role("link", name="Jump to first unread").click()
    expect(ben.page.locator(".new")).to_be_in_viewport()
    expect(ben.page.get_by_role("article").filter(has_text="line 0 ")).to_be_in_viewport()


def test_a_late_response_to_a_post_does_not_restore_a_deleted_message(people):
    ana, _ = people()
    ana.write("stays")
    ana.write("soon gone")
    article = ana.page.get_by_role("article").filter(has_text="soon gone")
    posted = article.evaluate("(element) => element.outerHTML")
    conversation = ana.page.locator(".timeline").get_attribute("data-conversation")
    other = ana.page.context.new_page()
    other.goto(ana.page.url)
    choose(other.get_by_role("article").last, "Delete")
    expect(article).to_have_count(0)
    ana.page.evaluate(
        "(data) => document.dispatchEvent(new CustomEvent('live', {detail: {name: 'posted', data}}))",
        f'<div class="posted" data-conversation="{conversation}">{posted}</div>',
    )
    expect(article).to_have_count(0)
