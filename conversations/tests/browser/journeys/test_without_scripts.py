"""From the first account to leaving a conversation, without JavaScript."""

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

PHONE = {"viewport": {"width": 360, "height": 740}}


def sign_up(person, name, **others):
    for label, words in sign_up_fields(name, others).items():
        person.page.get_by_label(label).fill(words)
    press(person, "Sign up")
    sees_where(person, "Inbox")


def press(person, name):
    person.page.get_by_role("button", name=name, exact=True).click()


def follow(person, name):
    person.page.get_by_role("link", name=name, exact=True).filter(visible=True).first.click()


def write(person, words, box="Message to general"):
    person.page.get_by_label(box).fill(words)
    press(person, "Send")


def open_message(person, words):
    """Open a message with the link of its time."""
    said(person, words).locator(".at").click()
    expect(person.page.get_by_role("region", name="The selected message")).to_be_visible()
    is_uncovered(said(person, words).locator(".body"))


def test_the_whole_story_without_scripts(three):
    zoe, ben, chloe = three(java_script_enabled=False, **PHONE)
    zoe.page.goto(zoe.url)
    sign_up(zoe, NAMES[0], **{"Workspace name": WORKSPACE})
    follow(zoe, "Invite people")
    sees_where(zoe, "Invitations")
    zoe.page.get_by_label("How many people may use it").fill("2")
    press(zoe, "Create invite link")
    link = zoe.page.get_by_label("Invite link").input_value()
    for guest, name in ((ben, NAMES[1]), (chloe, NAMES[2])):
        guest.page.goto(link)
        expect(guest.page.get_by_text(f"Zoë Lima invites you to {WORKSPACE}.")).to_be_visible()
        sign_up(guest, name)
        follow(guest, "Say hello in #general")
        sees_where(guest, "general")
        write(guest, f"{name} is here")
        reads(guest, f"{name} is here")

    follow(zoe, "Inbox")
    entry(zoe, "general").get_by_role("link").click()
    write(zoe, "Who brings the cake?")
    reads(zoe, "Who brings the cake?")

    ben.page.reload()
    open_message(ben, "cake?")
    follow(ben, "Thread")
    sees_where(ben, "Thread")
    write(ben, "I bring it", box="Reply in thread")
    expect(in_thread(ben, "I bring it")).to_be_in_viewport()
    chloe.page.reload()
    expect(said(chloe, "I bring it")).to_have_count(0)
    said(chloe, "cake?").get_by_role("link", name="1 reply").click()
    chloe.page.get_by_label("Also send to general").check()
    write(chloe, "And I bring tea", box="Reply in thread")
    expect(in_thread(chloe, "And I bring tea")).to_be_in_viewport()
    follow(chloe, "Back to general")
    reads(chloe, "And I bring tea")

    open_message(chloe, "cake?")
    follow(chloe, "React")
    sees_where(chloe, "Reactions")
    press(chloe, "🎉")
    follow(chloe, "Back to the message")
    expect(said(chloe, "cake?").get_by_role("link", name="1 reacted 🎉")).to_be_visible()

    zoe.page.reload()
    reads(zoe, "And I bring tea")
    expect(said(zoe, "cake?")).to_contain_text("2 replies")
    expect(said(zoe, "cake?").get_by_role("link", name="1 reacted 🎉")).to_be_visible()
    said(zoe, "cake?").locator(".at").click()
    follow(zoe, "Edit")
    sees_where(zoe, "Edit a message")
    zoe.page.get_by_label("Message text").fill("Who brings the strudel?")
    press(zoe, "Save")
    expect(said(zoe, "strudel?")).to_contain_text("(edited)")

    follow(ben, "Back to general")
    follow(ben, "Inbox")
    follow(ben, "Search")
    sees_where(ben, "Search")
    for words, count in (("cake", 0), ("strudel", 1)):
        ben.page.get_by_role("main").get_by_role("searchbox").first.fill(words)
        ben.page.get_by_role("main").get_by_role("button", name="Search").click()
        finds(ben, words, count)
    ben.page.locator(".hit .words").click()
    sees_where(ben, "general")
    is_uncovered(said(ben, "strudel?").locator(".body"))

    follow(zoe, "Inbox")
    write(ben, "The strudel is here")
    zoe.page.reload()
    expect(entry(zoe, "general")).to_contain_text("Ben Okri: The strudel is here")
    expect(entry(zoe, "general")).to_contain_text("unread")
    press(zoe, "Mark all as read")
    expect(entry(zoe, "general")).not_to_contain_text("unread")

    ben.page.locator(".head .more summary").click()
    press(ben, "Leave")
    expect(ben.page.get_by_text("You have left general.")).to_be_in_viewport()
    expect(entry(ben, "general")).to_have_count(0)
    press(ben, "Undo")
    sees_where(ben, "general")
    write(ben, "Here again")
    reads(ben, "Here again")
