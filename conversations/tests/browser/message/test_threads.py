"""A thread beside its conversation, with scripts."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect


@pytest.fixture
def talk(people):
    """Ana and Ben in Town hall, where Ana has asked; `reply(words)` lets Ben reply in the thread alone."""
    ana, ben = people()
    ana.send("Who brings the cake?", *[f"number {number}" for number in range(30)])
    ana.page.reload()
    ana.page.keyboard.press("PageUp")  # the question is not among the last 20
    question = ana.page.get_by_role("article").filter(has_text="Who brings the cake?")
    first = question.get_attribute("id")[1:]

    def reply(words):
        address = re.match(r".+/c/\d+/", ben.page.url)[0] + "messages/"
        ben.post(address, content=words, client_key=str(uuid4()), reply_to=first, in_thread="1")

    reply("I do")
    return ana.page, first, reply


def test_a_thread_opens_beside_its_message_stays_live_and_closes(talk):
    page, first, reply = talk
    main, thread = page.get_by_role("main"), page.get_by_role("complementary", name="Thread")
    footer = main.locator(f"#m{first} .replies")
    expect(footer).to_contain_text("1 reply")
    expect(footer.locator("[data-unread]")).to_be_visible()
    total = page.locator(".side [data-total=threads]")
    expect(total).to_have_text("1")
    footer.hover()
    top = f"() => document.getElementById('m{first}').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.evaluate("() => { window.isSamePage = true }")

    footer.click()
    box, replies = thread.get_by_label("Reply in thread"), thread.locator("article[data-thread]")
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile(f"/m/{first}/thread/$"))
    assert abs(page.evaluate(top) - before) <= 1, "the conversation stays where it was"
    expect(footer.locator("[data-unread]")).to_have_count(0)
    expect(total).to_have_text("")

    reply("And I bring tea")
    expect(replies).to_have_count(2)
    expect(footer).to_contain_text("2 replies")
    box.fill("Only here")
    page.keyboard.press("Enter")
    expect(replies.last).to_contain_text("Only here")
    thread.get_by_label("Also send to").check()
    box.fill("For everyone")
    page.keyboard.press("Enter")
    expect(main.get_by_text("For everyone")).to_be_visible()
    expect(replies).to_have_count(4)
    for words in ("And I bring tea", "Only here"):
        expect(main.get_by_text(words)).to_have_count(0)

    page.go_back()
    expect(thread).to_have_count(0)
    reply("Coffee?")
    expect(footer.locator("[data-unread]")).to_be_visible()
    page.go_forward()
    expect(replies).to_have_count(5)
    expect(thread.get_by_label("Also send to")).to_be_checked()
    bell = thread.get_by_role("button", name="Follow this thread")
    expect(bell).to_have_attribute("aria-pressed", "true")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "false")
    thread.get_by_role("link", name="Close").click()
    expect(thread).to_have_count(0)
    assert page.evaluate("() => window.isSamePage"), "no page was loaded"


def test_on_a_phone_a_thread_is_a_page_with_one_head(talk):
    page, first, _ = talk
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(f"#m{first} .replies").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator("article")).to_have_count(2)
    expect(page.locator(".head").filter(visible=True)).to_have_count(1)
    expect(page.get_by_role("main")).to_be_hidden()
    assert thread.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    thread.get_by_role("link", name="Back to").click()
    expect(page.get_by_role("main")).to_be_visible()
    expect(thread).to_have_count(0)
