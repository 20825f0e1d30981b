"""All tabs of a person, and all devices, have one draft of a conversation."""

import re

from playwright.sync_api import expect

from conversations.tests.browser.conftest import Visitor
from conversations.tests.browser.message.test_attaching import TEXT, choose

BOX = "Message to"


def another_tab(visitor):
    tab = Visitor(visitor.page.context.new_page(), visitor.url)
    tab.page.goto(visitor.page.url)
    expect(tab.page.locator("message-composer.live")).to_be_visible()
    return tab


def on_a_phone(visitor, new_context):
    cookies = visitor.page.context.storage_state()["cookies"]
    phone = Visitor(new_context(storage_state={"cookies": cookies}).new_page(), visitor.url)
    phone.page.goto(visitor.page.url)
    expect(phone.page.locator("message-composer.live")).to_be_visible()
    return phone


def test_two_tabs_show_the_same_draft_and_post_it_once(people):
    ana, ben = people()
    ben.write("Who brings the cake?")
    other = another_tab(ana)
    ana.page.get_by_label(BOX).press_sequentially("I bring")
    expect(other.page.get_by_label(BOX)).to_have_value("I bring")
    other.page.get_by_label(BOX).press("End")
    other.page.get_by_label(BOX).press_sequentially(" two")
    expect(ana.page.get_by_label(BOX)).to_have_value("I bring two")
    message = other.page.get_by_role("article").first
    message.hover()
    message.get_by_role("button", name="Reply").click()
    expect(ana.page.locator(".replying-to")).to_contain_text("Who brings the cake?")
    ana.page.get_by_label(BOX).press("Enter")
    expect(other.page.get_by_label(BOX)).to_have_value("")
    expect(other.page.locator(".replying-to")).to_be_hidden()
    other.page.get_by_label(BOX).press("Enter")
    other.write("and candles", by_key=True)
    expect(ben.page.locator("article .body")).to_have_text(["Who brings the cake?", "I bring two", "and candles"])
    assert ana.page.locator(".errorlist").count() == other.page.locator(".errorlist").count() == 0


def test_two_tabs_show_the_same_files(people):
    ana, ben = people()
    other = another_tab(ana)
    choose(ana.page, TEXT)
    expect(other.page.locator(".attached")).to_contain_text("notes.txt")
    choose(other.page, TEXT | {"name": "more.txt"})
    expect(ana.page.locator(".attached li")).to_have_count(2)
    ana.page.get_by_role("button", name="Remove notes.txt").click()
    expect(other.page.locator(".attached li")).to_have_count(1)
    other.page.get_by_role("button", name="Send").click()
    expect(ben.page.get_by_role("article").get_by_role("link", name="more.txt", exact=True)).to_be_visible()
    expect(ana.page.locator(".attached li")).to_have_count(0)


def test_a_draft_that_was_sent_from_another_device_leaves_the_box(people, new_context):
    ana, _ = people()
    with ana.page.expect_response(re.compile("/draft/")):
        ana.page.get_by_label(BOX).fill("half a thought")
    phone = on_a_phone(ana, new_context)
    expect(phone.page.get_by_label(BOX)).to_have_value("half a thought")
    phone.page.get_by_label(BOX).press("Enter")
    expect(ana.page.get_by_role("article")).to_have_count(1)
    expect(ana.page.get_by_label(BOX)).to_have_value("")


def test_what_was_added_to_a_draft_sent_from_another_device_is_another_message(people, new_context):
    ana, ben = people()
    with ana.page.expect_response(re.compile("/draft/")):
        ana.page.get_by_label(BOX).fill("half a thought")
    phone = on_a_phone(ana, new_context)
    ana.page.route("**/draft/", lambda route: route.abort())
    ana.page.get_by_label(BOX).fill("half a thought, and more")
    phone.page.get_by_label(BOX).press("Enter")
    expect(ana.page.get_by_role("article")).to_have_count(1)
    ana.page.unroute("**/draft/")
    with ana.page.expect_response(re.compile("/draft/")):
        ana.page.get_by_label(BOX).press("End")
        ana.page.keyboard.type("!")
    ana.page.keyboard.press("Enter")
    expect(ben.page.locator("article .body")).to_have_text(["half a thought", "half a thought, and more!"])
    ana.troubles.clear()  # Chromium logs the refused requests


def test_a_draft_from_another_device_is_not_replaced_by_one_letter(people, new_context):
    ana, _ = people()
    phone = on_a_phone(ana, new_context)
    with phone.page.expect_response(re.compile("/draft/")):
        phone.page.get_by_label(BOX).fill("half an hour of work on the phone")
    with ana.page.expect_response(re.compile("/draft/")):
        ana.page.get_by_label(BOX).fill("o")
    expect(ana.page.get_by_label(BOX)).to_have_value("half an hour of work on the phone")
    phone.page.reload()
    expect(phone.page.get_by_label(BOX)).to_have_value("half an hour of work on the phone")


def test_what_a_tab_says_late_does_not_replace_what_was_typed_since(people):
    ana, _ben = people()
    other = another_tab(ana)
    other.page.get_by_label(BOX).press_sequentially("I bring two")
    expect(ana.page.get_by_label(BOX)).to_have_value("I bring two")
    late = {"words": "", "key": "", "reply": None, "saved": "said late", "savedKey": "", "tag": "", "editedAt": 1}
    ana.page.evaluate("late => document.querySelector('message-composer').draft.tabs.postMessage(late)", late)
    other.page.wait_for_function("() => document.querySelector('message-composer').draft.saved === 'said late'")
    expect(other.page.get_by_label(BOX)).to_have_value("I bring two")
