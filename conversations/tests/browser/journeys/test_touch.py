"""From the first account to leaving a conversation, with a finger on a phone."""

import re

from playwright.sync_api import expect

from conversations.tests.browser.journeys.story import (
    NAMES,
    WORKSPACE,
    entry,
    finds,
    in_thread,
    is_uncovered,
    reads,
    said,
    sees_where,
    sign_up_fields,
)
from conversations.tests.browser.site.test_keyboard import ready
from conversations.tests.browser.site.test_phone import PHONE, press_long


def tap(person, role, name):
    """Tap what has this name, perhaps with a number of unread messages, and is on the screen."""
    named = re.compile(rf"^{re.escape(name)}( \d+( unread)?)?$")
    person.page.get_by_role(role, name=named).filter(visible=True).first.tap()


def types(person, label, words):
    """Tap a field, and type on the keyboard that the phone then shows."""
    field = person.page.get_by_label(label).filter(visible=True)
    field.tap()
    expect(field).to_be_focused()
    person.page.keyboard.press("Control+a")
    person.page.keyboard.type(words)


def sign_up(person, name, **others):
    for label, words in sign_up_fields(name, others).items():
        types(person, label, words)
    tap(person, "button", "Sign up")
    sees_where(person, "Inbox")


def write(person, words, box="Message to general"):
    expect(person.page.locator("message-composer.live").filter(visible=True)).to_be_visible()
    types(person, box, words)
    tap(person, "button", "Send")


def press(person, message, action):
    """Hold a finger on the words of a message, and choose from the sheet."""
    press_long(person.page, message.locator(".body"))
    sheet = person.page.get_by_role("dialog", name="Message actions")
    choice = sheet.get_by_text(action, exact=True).filter(visible=True).first
    is_uncovered(choice)
    choice.tap()
    expect(sheet).to_be_hidden()


def sees_thread(person):
    """See the thread as a page of its own."""
    thread = person.page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("heading", name="Thread")).to_be_in_viewport(ratio=1)
    assert thread.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}


def invite_and_meet(zoe, ben, chloe):
    zoe.page.goto(zoe.url)
    sign_up(zoe, NAMES[0], **{"Workspace name": WORKSPACE})
    tap(zoe, "link", "Invite people")
    sees_where(zoe, "Invitations")
    types(zoe, "How many people may use it", "2")
    tap(zoe, "button", "Create invite link")
    link = zoe.page.get_by_label("Invite link").input_value()
    for guest, name in ((ben, NAMES[1]), (chloe, NAMES[2])):
        guest.page.goto(link)
        expect(guest.page.get_by_text(f"Zoë Lima invites you to {WORKSPACE}.")).to_be_visible()
        sign_up(guest, name)
        tap(guest, "link", "Say hello in #general")
        sees_where(guest, "general")
        write(guest, f"{name} is here")
        reads(guest, f"{name} is here")


def talk(zoe, ben, chloe):
    tap(zoe, "link", "Inbox")
    is_uncovered(entry(zoe, "general"))
    entry(zoe, "general").get_by_role("link").tap()
    sees_where(zoe, "general")
    write(zoe, "Who brings the cake?")
    for person in (zoe, ben, chloe):
        reads(person, "Who brings the cake?")


def talk_in_a_thread(zoe, ben, chloe):
    press(ben, said(ben, "cake?"), "Reply in thread")
    sees_thread(ben)
    write(ben, "I bring it", box="Reply in thread")
    expect(in_thread(ben, "I bring it")).to_be_in_viewport(ratio=1)
    said(chloe, "cake?").get_by_role("link", name="1 reply").tap()
    sees_thread(chloe)
    chloe.page.get_by_text("Also send to general").tap()
    write(chloe, "And I bring tea", box="Reply in thread")
    expect(in_thread(chloe, "And I bring tea")).to_be_in_viewport(ratio=1)
    expect(in_thread(ben, "And I bring tea")).to_be_in_viewport(ratio=1)
    tap(chloe, "link", "Back to general")
    for person in (zoe, chloe):
        reads(person, "And I bring tea")
        expect(said(person, "I bring it")).to_have_count(0)


def react(zoe, chloe):
    press(chloe, said(chloe, "cake?"), "🎉")
    expect(said(chloe, "cake?").get_by_role("button", name="1 reacted 🎉")).to_have_attribute("aria-pressed", "true")
    said(zoe, "cake?").get_by_role("button", name="1 reacted 🎉").tap()
    expect(said(chloe, "cake?").get_by_role("button", name="2 reacted 🎉")).to_be_visible()


def edit(zoe, chloe):
    press(zoe, said(zoe, "cake?"), "Edit")
    form = zoe.page.locator(".editing")
    expect(form.get_by_label("Message text")).to_be_focused()
    for part in (form.get_by_label("Message text"), form.get_by_role("button", name="Save")):
        is_uncovered(part)
    types(zoe, "Message text", "Who brings the strudel?")
    tap(zoe, "button", "Save")
    for person in (zoe, chloe):
        expect(said(person, "strudel?")).to_contain_text("(edited)")
        expect(person.page.get_by_text("cake?")).to_have_count(0)


def search(ben):
    tap(ben, "link", "Back to general")
    tap(ben, "link", "Inbox")
    tap(ben, "link", "Search")
    sees_where(ben, "Search")
    for words, count in (("cake", 0), ("strudel", 1)):
        types(ben, "Search everywhere", words)
        ben.page.get_by_role("main").get_by_role("button", name="Search").tap()
        finds(ben, words, count)
    hit = ben.page.locator(".hit .words")
    is_uncovered(hit)
    hit.tap()
    sees_where(ben, "general")
    is_uncovered(said(ben, "strudel?").locator(".body"))


def triage(zoe, chloe):
    tap(zoe, "link", "Inbox")
    sees_where(zoe, "Inbox")
    write(chloe, "The strudel is here")
    expect(entry(zoe, "general")).to_contain_text("Chloé Roux: The strudel is here")
    expect(entry(zoe, "general")).to_contain_text("1 unread")
    zoe.page.get_by_title("Select conversations").tap()
    for button, is_unread in (("Mark read", False), ("Mark unread", True)):
        entry(zoe, "general").tap()
        is_uncovered(zoe.page.get_by_role("button", name=button, exact=True))
        tap(zoe, "button", button)
        expect(entry(zoe, "general").get_by_text("unread")).to_have_count(int(is_unread))
    expect(zoe.page.locator(".bottom-bar").get_by_role("link", name="Inbox 1")).to_be_visible()
    tap(zoe, "button", "Mark all as read")
    expect(entry(zoe, "general").get_by_text("unread")).to_have_count(0)


def leave_and_return(ben, chloe):
    ready(ben.page)
    ben.page.locator(".head .more summary").tap()
    button = ben.page.get_by_role("button", name="Leave", exact=True).filter(visible=True)
    is_uncovered(button)
    button.tap()
    is_uncovered(ben.page.get_by_text("You have left general."))
    expect(entry(ben, "general")).to_have_count(0)
    tap(ben, "button", "Undo")
    sees_where(ben, "general")
    write(ben, "Here again")
    for person in (ben, chloe):
        reads(person, "Here again")


def test_the_whole_story_by_touch(three):
    zoe, ben, chloe = three(**PHONE)
    invite_and_meet(zoe, ben, chloe)
    talk(zoe, ben, chloe)
    talk_in_a_thread(zoe, ben, chloe)
    react(zoe, chloe)
    edit(zoe, chloe)
    search(ben)
    triage(zoe, chloe)
    leave_and_return(ben, chloe)
