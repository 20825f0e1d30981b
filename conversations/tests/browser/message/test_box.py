"""The message box in a browser: its buttons, formatting, emoji, pasting and lists."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Membership
from conversations.tests.browser.audit import barriers

PASTE = """([selector, html, text]) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", text);
  const options = { bubbles: true, cancelable: true, clipboardData };
  document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", options));
}"""
BOX = "message-composer textarea"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def open_box(visitor, **options):
    ana = visitor(**options)
    ana.sign_in("ana", to="Town hall")
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    return ana.page, ana.page.get_by_label("Message to")


def test_words_are_formatted_by_keys_and_buttons_and_pasted_as_markdown(visitor):
    page, box = open_box(visitor)
    page.evaluate(PASTE, [BOX, "<p>some <b>bold</b> words</p>", "some bold words"])
    expect(box).to_have_value("some **bold** words")
    box.press("Control+z")
    expect(box).to_have_value("")
    box.fill("read this")
    page.evaluate("(selector) => document.querySelector(selector).setSelectionRange(5, 9)", BOX)
    page.evaluate(PASTE, [BOX, "", "https://a.example/"])
    expect(box).to_have_value("read [this](https://a.example/)")
    box.fill("words")
    box.press("Control+a")
    box.press("Control+b")
    box.press("Control+i")
    expect(box).to_have_value("***words***")
    box.press("Control+i")
    expect(box).to_have_value("**words**")
    box.press("Control+k")
    expect(box).to_have_value("**[words](https://)**")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Formatting").click()
    box.fill("one\ntwo")
    box.press("Control+a")
    page.get_by_role("button", name="Numbered list").click()
    expect(box).to_be_focused()
    expect(box).to_have_value("1. one\n2. two")
    box.press("End")
    box.press("Shift+Enter")
    box.press_sequentially("three")
    expect(box).to_have_value("1. one\n2. two\n3. three")
    box.press("Shift+Enter")
    box.press("Shift+Enter")
    expect(box).to_have_value("1. one\n2. two\n3. three\n")
    box.fill("")
    box.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_an_emoji_is_found_by_name_in_the_box_and_in_the_picker(visitor):
    page, box = open_box(visitor)
    box.press_sequentially("well done :tad")
    expect(page.get_by_role("option").first).to_have_text(re.compile(":tada:"))
    box.press("Enter")
    expect(box).to_have_value("well done 🎉 ")
    page.get_by_role("button", name="Emoji", exact=True).click()
    picker = page.get_by_role("dialog", name="Choose an emoji")
    search = picker.get_by_role("searchbox")
    expect(search).to_be_focused()
    expect(picker.get_by_role("heading", name="Smileys and emotion")).to_be_visible()
    assert barriers(page) == []
    search.press_sequentially("thumbs")
    expect(picker.get_by_role("button", name="thumbs up", exact=True)).to_be_visible()
    picker.get_by_role("combobox", name="Skin tone").select_option("🏽")
    search.focus()
    search.press("ArrowDown")
    expect(picker.get_by_role("button", name="thumbs up", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(box).to_have_value("well done 🎉 👍🏽")
    expect(box).to_be_focused()
    page.get_by_role("button", name="Emoji", exact=True).click()
    expect(picker.get_by_role("heading", name="Recently used")).to_be_visible()
    search.fill("qqqq")
    expect(picker.get_by_text("No emoji found.")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(picker).to_be_hidden()
    expect(box).to_have_value("well done 🎉 👍🏽")


def test_what_is_typed_before_the_emoji_picker_is_open_is_searched_there(visitor):
    page, box = open_box(visitor)
    waiting = []
    page.route("**/js/emoji/picker.*", lambda route: waiting.append(route))
    with page.expect_request("**/js/emoji/picker.*"):
        page.get_by_role("button", name="Emoji", exact=True).click()
    page.keyboard.type("tada")
    waiting[0].continue_()
    expect(page.get_by_role("dialog", name="Choose an emoji").get_by_role("searchbox")).to_have_value("tada")
    page.keyboard.press("Enter")
    expect(box).to_have_value("🎉")


def test_a_conversation_is_linked_and_somebody_outside_is_added(visitor):
    page, box = open_box(visitor)
    ana, olga = User.objects.get(), UserFactory(username="olga", display_name="Olga Orlova")
    Conversation.objects.start(ana, "Bread [rye]", "open")
    box.press_sequentially("see #brea")
    page.get_by_role("option").filter(has_text="Bread [rye]").click()
    expect(box).to_have_value(re.compile(r"see \[#Bread \\\[rye\\\]\]\(/c/\d+/\) "))
    box.press_sequentially("@orl")
    expect(page.get_by_role("option")).to_contain_text("not in this conversation")
    box.press("Enter")
    expect(page.get_by_text("Olga Orlova is not in this conversation.")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Olga Orlova is not in this conversation.")).to_be_hidden()
    expect(page.get_by_text("1 person will be notified")).to_be_visible()
    assert Membership.objects.filter(user=olga).exists()
    box.press("Enter")
    expect(page.get_by_role("article").get_by_role("link", name="#Bread [rye]")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1024])
def test_hints_wait_and_send_lights_up(visitor, width):
    page, box = open_box(visitor, **(PHONE if width == 360 else {}))
    send = page.get_by_role("button", name="Send")
    dull = send.evaluate("(button) => getComputedStyle(button).backgroundColor")
    assert page.get_by_text("starts a new line").is_hidden()
    if width == 360:
        assert page.locator(".box").bounding_box()["height"] <= 48, "one line"
        box.tap()
        page.get_by_role("button", name="Formatting").tap()
        expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()
        expect(box).to_be_focused()
    else:
        expect(page.get_by_text("starts a new line")).to_be_visible()
    box.press_sequentially("hello")
    expect(page.get_by_text("starts a new line")).to_be_hidden()
    assert send.evaluate("(button) => getComputedStyle(button).backgroundColor") != dull
    box.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("hello")
