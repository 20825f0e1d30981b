"""Writing messages in a browser: completing names, previews, shortcuts, and drafts that survive."""

import re

from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Mention
from conversations.tests.browser.conftest import Visitor
from conversations.tests.factories import say


def writing(visitor, people=()):
    """Open Ana's browser at the message box of a conversation with `people`."""
    ana = visitor()
    ana.sign_in("ana", to="Town hall")
    Conversation.objects.get().admit(people)
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    return ana, ana.page.get_by_label("Message to")


def test_a_name_is_completed_by_keyboard(visitor):
    people = [UserFactory(username=name) for name in ("bea", "ben", "berta")]
    ana, box = writing(visitor, people)
    box.press_sequentially("hello @be")
    options = ana.page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(box).to_have_attribute("aria-activedescendant", "mention-bea")
    expect(box).to_have_attribute("aria-haspopup", "listbox")
    expect(ana.page.locator("word-completion [aria-live]")).to_contain_text("3 suggestions")
    for key, chosen in (("ArrowDown", "ben"), ("ArrowDown", "berta"), ("ArrowDown", "bea"), ("ArrowUp", "berta")):
        box.press(key)
        expect(box).to_have_attribute("aria-activedescendant", f"mention-{chosen}")
        expect(ana.page.get_by_role("option", selected=True)).to_have_id(f"mention-{chosen}")
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("hello @be")
    box.press("n")
    expect(options).to_have_count(1)
    box.press("Enter")
    expect(box).to_have_value("hello @ben ")
    expect(ana.page.get_by_text("1 person will be notified")).to_be_visible()
    box.press_sequentially("and @al")
    expect(options).to_have_count(1)
    box.press("Tab")
    expect(box).to_have_value("hello @ben and @all ")
    expect(ana.page.get_by_text("3 people will be notified")).to_be_visible()
    box.press("Enter")
    expect(ana.page.get_by_role("article")).to_contain_text("hello @ben and @all")
    expect(ana.page.get_by_text("will be notified")).to_be_hidden()
    assert Mention.objects.count() == 3


def test_a_name_is_completed_with_the_mouse(visitor):
    ana, box = writing(visitor, [UserFactory(username="ben")])
    box.press_sequentially("@b")
    ana.page.get_by_role("option").click()
    expect(box).to_have_value("@ben ")
    expect(box).to_be_focused()


def test_a_preview_is_shown_in_place_and_escape_closes_it(visitor):
    ana, box = writing(visitor)
    box.fill("**bold**")
    ana.page.get_by_role("button", name="Formatting").click()
    ana.page.get_by_role("button", name="Preview").click()
    preview = ana.page.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("bold")
    expect(box).to_have_value("**bold**")
    expect(ana.page.get_by_role("article")).to_have_count(0)
    box.press("Escape")
    expect(preview).to_be_hidden()


def test_up_edits_the_last_message_and_escape_cancels(visitor):
    ben = UserFactory(username="ben")
    ana, box = writing(visitor, [ben])
    ana.write("first")
    ana.write("mine")
    say(Conversation.objects.get(), ben, "not mine")
    expect(ana.page.get_by_role("article")).to_have_count(3)
    box.press("ArrowUp")
    editing = ana.page.get_by_role("article").nth(1).get_by_role("textbox")
    expect(editing).to_be_focused()
    expect(editing).to_have_value("mine")
    editing.press("Escape")
    expect(editing).to_have_count(0)
    expect(box).to_be_focused()
    box.fill("something begun")
    box.press("ArrowUp")
    expect(editing).to_have_count(0)


def test_enter_starts_a_new_line_if_the_setting_says_so(visitor):
    ana, box = writing(visitor)
    expect(ana.page.get_by_text("Enter sends, Shift+Enter")).to_be_visible()
    address = ana.page.url
    ana.page.goto(f"{ana.url}/settings/profile/")
    ana.page.get_by_label("Enter sends").uncheck()
    ana.page.get_by_role("button", name="Save").click()
    expect(ana.page.get_by_text("Profile saved.")).to_be_visible()
    assert not User.objects.get().enter_sends
    ana.page.goto(address)
    expect(ana.page.get_by_text("Ctrl+Enter sends")).to_be_visible()
    box.fill("one")
    box.press("Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("one\ntwo")
    box.press("Control+Enter")
    expect(ana.page.get_by_role("article")).to_contain_text(re.compile(r"one\s*two"))


def test_typed_text_survives_a_closed_tab(visitor):
    ana, box = writing(visitor)
    address, context = ana.page.url, ana.page.context
    box.press_sequentially("half a thought")
    ana.page.close(run_before_unload=True)
    again = Visitor(context.new_page(), ana.url)
    again.page.goto(ana.url)
    stored = "address => fetch(address).then((answer) => answer.text()).then((page) => page.includes('half a thought'))"
    again.page.wait_for_function(stored, arg=address)
    again.page.goto(address)
    expect(again.page.get_by_label("Message to")).to_have_value("half a thought")


def test_pasted_code_is_posted_and_copied_unchanged(visitor):
    code = "def f():\n\tif x:\n\n        return  '''y'''  "
    ana, box = writing(visitor)
    ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.page.evaluate("words => navigator.clipboard.writeText(words)", f"```python\n{code}\n```")
    box.press("Control+v")
    expect(box).to_have_value(f"```python\n{code}\n```")
    box.press("Enter")
    ana.page.get_by_role("button", name="Copy code").click()
    expect(ana.page.get_by_role("button", name="Copied")).to_be_visible()
    assert ana.page.evaluate("navigator.clipboard.readText()") == f"{code}\n"
