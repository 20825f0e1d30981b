"""Typing does what its author means: keys of an input method, code blocks, Escape, pasting and hasty Enters."""

import re

import pytest
from playwright.sync_api import expect

from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Message
from conversations.tests.factories import say

# An Enter that accepts a word, as Safari reports it: after the composition, recognisable only by its code.
ACCEPT_WORD = """(selector) => {
  const field = document.querySelector(selector);
  field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  const options = { key: "Enter", keyCode: 229, isComposing: false, bubbles: true, cancelable: true };
  return field.dispatchEvent(new KeyboardEvent("keydown", options));
}"""
ENTER_TWICE = """() => {
  const box = document.querySelector("message-composer textarea");
  const options = { key: "Enter", bubbles: true, cancelable: true };
  for (const _ of [1, 2]) box.dispatchEvent(new KeyboardEvent("keydown", options));
}"""
PASTE = """() => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", "1\\t2");
  clipboardData.setData("text/html", "<table><tr><td>1</td><td>2</td></tr></table>");
  clipboardData.items.add(new File(["x"], "image.png", { type: "image/png" }));
  const options = { bubbles: true, cancelable: true, clipboardData };
  return document.querySelector("message-composer textarea").dispatchEvent(new ClipboardEvent("paste", options));
}"""


@pytest.fixture
def ana(visitor):
    ana = visitor()
    ana.sign_in("ana", to="Town hall")
    Conversation.objects.get().admit([UserFactory(username="ben", display_name="Ben")])
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    return ana


@pytest.fixture
def box(ana):
    return ana.page.get_by_label("Message to")


def test_enter_of_an_input_method_sends_nothing(ana, box):
    box.fill("にほん")
    assert ana.page.evaluate(ACCEPT_WORD, "message-composer textarea"), "the key still reaches the input method"
    expect(box).to_have_value("にほん")
    expect(ana.page.locator(".outbox li")).to_have_count(0)
    box.press("Enter")
    expect(ana.page.get_by_role("article")).to_contain_text("にほん")
    assert Message.objects.count() == 1


def test_enter_of_an_input_method_accepts_no_suggestion(ana, box):
    box.press_sequentially("@b")
    expect(ana.page.get_by_role("option")).to_have_count(1)
    ana.page.evaluate(ACCEPT_WORD, "message-composer textarea")
    expect(box).to_have_value("@b")
    box.press("Enter")
    expect(box).to_have_value("@ben ")


def test_enter_of_an_input_method_saves_no_edit(ana, box):
    ana.write("にほん")
    box.press("ArrowUp")
    editing = ana.page.get_by_label("Message text", exact=True)
    editing.fill("にほんご")
    ana.page.evaluate(ACCEPT_WORD, ".editing textarea")
    expect(editing).to_be_visible()
    editing.press("Enter")
    expect(editing).to_have_count(0)
    expect(ana.page.get_by_role("article")).to_contain_text("にほんご")


def test_enter_of_an_input_method_opens_nothing(ana):
    address = ana.page.url
    ana.page.keyboard.press("Control+k")
    ana.page.keyboard.type("town")
    expect(ana.page.get_by_role("option", name="Town hall")).to_be_visible()
    ana.page.evaluate(ACCEPT_WORD, "quick-switcher input")
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    ana.page.keyboard.press("Escape")
    assert ana.page.url == address


def test_no_handler_hears_a_key_of_an_input_method(ana):
    heard = """() => {
      const heard = [];
      document.addEventListener("keydown", ({ key }) => heard.push(key), { capture: true });
      for (const options of [{ keyCode: 229 }, { isComposing: true }, {}]) {
        const key = Object.keys(options)[0] ?? "own";
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...options }));
      }
      return heard;
    }"""
    assert ana.page.evaluate(heard) == ["own"]


def test_enter_in_an_open_code_block_starts_a_line(ana, box):
    box.press_sequentially("Like this:")
    box.press("Shift+Enter")
    for line in ("```python", "def f():", "```"):
        box.press_sequentially(line)
        box.press("Enter")
    expect(box).to_have_value("")
    code = ana.page.get_by_role("article").locator("pre")
    expect(code).to_contain_text("def f():")
    assert Message.objects.get().content == "Like this:\n```python\ndef f():\n```"


def test_ctrl_enter_sends_an_open_code_block_and_an_edit_has_the_same_rule(ana, box):
    box.press_sequentially("```")
    box.press("Enter")
    box.press_sequentially("open")
    box.press("Control+Enter")
    expect(ana.page.get_by_role("article")).to_have_count(1)
    box.press("ArrowUp")
    editing = ana.page.get_by_label("Message text", exact=True)
    editing.press("End")
    editing.press("Enter")
    editing.press_sequentially("more")
    expect(editing).to_have_value("```\nopen\nmore")


@pytest.mark.parametrize("shortcuts", [True, False])
def test_typing_after_escape_goes_to_the_box(ana, box, shortcuts):
    say(Conversation.objects.get(), Conversation.objects.get().members.get(username="ben"), "Lunch?")
    ana.page.reload()
    if not shortcuts:
        ana.page.evaluate("document.querySelector('key-sheet').removeAttribute('data-single')")
    expect(box).to_be_focused()
    box.press_sequentially("Yes")
    box.press("Escape")
    expect(ana.page.get_by_role("article")).to_be_focused()
    ana.page.keyboard.type(", and a Cake" if shortcuts else "juice")
    expect(box).to_be_focused()
    expect(box).to_have_value("Yes, and a Cake" if shortcuts else "Yesjuice")


def test_typing_after_escape_still_scrolls_and_copies(ana, box):
    ana.write("first")
    box.press("Escape")
    for key in (" ", "Control+c", "Shift", "PageUp", "j"):
        ana.page.keyboard.press(key)
    expect(ana.page.get_by_role("article")).to_be_focused()
    expect(box).to_have_value("")


def test_pasting_after_escape_goes_to_the_box(ana, box):
    ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.write("first")
    ana.page.evaluate("navigator.clipboard.writeText('pasted')")
    box.press("Escape")
    ana.page.keyboard.press("Control+v")
    expect(box).to_have_value("pasted")


def test_a_paste_from_a_spreadsheet_is_a_table_and_no_picture(ana, box):
    ana.page.evaluate(PASTE)
    expect(box).to_have_value(re.compile(r"\| *1 *\| *2 *\|"))
    expect(ana.page.locator(".attached li")).to_have_count(0)


def test_enter_twice_posts_one_message(ana, box):
    box.fill("once")
    ana.page.evaluate(ENTER_TWICE)
    expect(ana.page.get_by_role("article")).to_have_count(1)
    expect(ana.page.locator(".outbox li")).to_have_count(0)
    assert Message.objects.count() == 1
