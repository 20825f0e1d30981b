"""From the first account to leaving a conversation, by keyboard alone."""

from playwright.sync_api import expect

from conversations.tests.browser.journeys.story import (
    NAMES,
    WORKSPACE,
    entry,
    finds,
    focus_is_in_sight,
    in_thread,
    reads,
    said,
    sees_where,
    sign_up_fields,
)
from conversations.tests.browser.site.test_keyboard import ready


def press(person, *keys):
    for key in keys:
        person.page.keyboard.press(key)


def types(person, words):
    person.page.keyboard.type(words)


def reach(person, role, name, *, most, key="Tab"):
    """Press Tab until the element has the focus, which is in sight at each step, in no more steps than this."""
    page = person.page
    element = page.get_by_label(name, exact=True) if role == "summary" else page.get_by_role(role, name=name)
    wanted = element.and_(page.locator(":focus"))
    for _ in range(most):
        press(person, key)
        focus_is_in_sight(person)
        if wanted.count():
            return
    raise AssertionError(f"{name} takes more than {most} presses of {key}")


def skip(person):
    """Skip what stands before the content of a page that has just been opened."""
    ready(person.page)
    reach(person, "link", "Skip to content", most=1)
    press(person, "Enter")


def sign_up(person, name, **others):
    for label, words in sign_up_fields(name, others).items():
        if not person.page.get_by_label(label).and_(person.page.locator(":focus")).count():
            reach(person, "textbox", label, most=2)
        press(person, "Control+a")
        types(person, words)
    press(person, "Enter")
    sees_where(person, "Inbox")


def write(person, words):
    """Write in the box, which has the focus."""
    expect(person.page.locator("message-composer.live").first).to_be_visible()
    expect(person.page.locator("textarea:focus")).to_be_in_viewport(ratio=1)
    types(person, words)
    press(person, "Enter")


def say_hello(person, words):
    skip(person)
    reach(person, "link", "Say hello in #general", most=8)
    press(person, "Enter")
    sees_where(person, "general")
    expect(person.page.get_by_label("Message to general")).to_be_focused()
    write(person, words)
    reads(person, words)


def open_thread(person, words, name, *, most):
    """Go up from the box to a message, and open its thread."""
    press(person, "Escape")
    while not said(person, words).and_(person.page.locator(":focus")).count():
        press(person, "k")
        focus_is_in_sight(person)
    reach(person, "link", name, most=most)
    press(person, "Enter")
    expect(person.page.get_by_role("textbox", name="Reply in thread")).to_be_focused()


def search(person, words, count):
    """Choose the last of the options of the quick switcher, which searches all messages."""
    press(person, "Control+k")
    expect(person.page.get_by_role("combobox")).to_be_focused()
    types(person, words)
    expect(person.page.get_by_role("option").last).to_contain_text(f"Search all messages for “{words}”")
    press(person, "ArrowUp")
    expect(person.page.get_by_role("option", selected=True)).to_contain_text("Search all messages")
    press(person, "Enter")
    finds(person, words, count)
    ready(person.page)


def invite_and_meet(zoe, ben, chloe):
    zoe.page.goto(zoe.url)
    sign_up(zoe, NAMES[0], **{"Workspace name": WORKSPACE})
    skip(zoe)
    reach(zoe, "link", "Invite people", most=10)
    press(zoe, "Enter")
    sees_where(zoe, "Invitations")
    skip(zoe)
    reach(zoe, "spinbutton", "How many people may use it", most=20)
    press(zoe, "Control+a")
    types(zoe, "2")
    press(zoe, "Enter")
    link = zoe.page.get_by_label("Invite link").input_value()
    for guest, name in ((ben, NAMES[1]), (chloe, NAMES[2])):
        guest.page.goto(link)
        expect(guest.page.get_by_text(f"Zoë Lima invites you to {WORKSPACE}.")).to_be_visible()
        sign_up(guest, name)
        say_hello(guest, f"{name} is here")


def talk(zoe, ben, chloe):
    ready(zoe.page)
    press(zoe, "Control+k")
    expect(zoe.page.get_by_role("combobox")).to_be_focused()
    types(zoe, "gen")
    expect(zoe.page.get_by_role("option", selected=True)).to_contain_text("general")
    press(zoe, "Enter")
    sees_where(zoe, "general")
    write(zoe, "Who brings the cake?")
    for person in (zoe, ben, chloe):
        reads(person, "Who brings the cake?")


def talk_in_a_thread(zoe, ben, chloe):
    open_thread(ben, "cake?", "Reply in thread", most=12)
    write(ben, "I bring it")
    expect(in_thread(ben, "I bring it")).to_be_in_viewport()
    expect(said(zoe, "cake?").get_by_role("link", name="1 reply")).to_be_visible()
    open_thread(chloe, "cake?", "1 reply", most=15)
    expect(in_thread(chloe, "I bring it")).to_be_in_viewport()
    types(chloe, "And I bring tea")
    reach(chloe, "checkbox", "Also send to general", most=8)
    press(chloe, "Space")
    reach(chloe, "button", "Send", most=2)
    press(chloe, "Enter")
    for person in (zoe, chloe):
        reads(person, "And I bring tea")
        expect(said(person, "I bring it")).to_have_count(0)
    expect(in_thread(ben, "And I bring tea")).to_be_in_viewport()


def react(zoe, ben, chloe):
    press(ben, "Escape", "k", "k")
    expect(in_thread(ben, "cake?").and_(ben.page.locator(":focus"))).to_be_visible()
    press(ben, "+")
    expect(ben.page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    types(ben, "tada")
    press(ben, "Enter")
    for person in (zoe, ben, chloe):
        expect(said(person, "cake?").get_by_role("button", name="1 reacted 🎉")).to_be_visible()


def edit(zoe, ben, chloe):
    expect(zoe.page.get_by_label("Message to general")).to_be_focused()
    press(zoe, "ArrowUp")
    expect(zoe.page.get_by_label("Message text", exact=True)).to_be_focused()
    focus_is_in_sight(zoe)
    press(zoe, "Control+a")
    types(zoe, "Who brings the strudel?")
    press(zoe, "Enter")
    for person in (zoe, ben, chloe):
        expect(said(person, "strudel?")).to_contain_text("(edited)")


def find(ben):
    reach(ben, "link", "Close", most=12, key="Shift+Tab")
    press(ben, "Enter")
    expect(ben.page.get_by_role("complementary", name="Thread")).to_have_count(0)
    focus_is_in_sight(ben)
    search(ben, "cake", 0)
    search(ben, "strudel", 1)
    press(ben, "Escape", "j", "Enter")
    sees_where(ben, "general")
    expect(said(ben, "strudel?")).to_be_in_viewport(ratio=1)


def triage(zoe, chloe):
    press(zoe, "Alt+Shift+ArrowDown")
    sees_where(zoe, "Inbox")
    expect(zoe.page.get_by_text("You’re all caught up.")).to_be_visible()
    skip(zoe)
    reach(zoe, "link", "All", most=4)
    press(zoe, "Enter")
    expect(entry(zoe, "general")).to_be_visible()
    ready(zoe.page)
    reach(chloe, "link", "Close", most=25, key="Shift+Tab")
    press(chloe, "Enter")
    expect(chloe.page.get_by_label("Message to general")).to_be_focused()  # the message was edited since she opened it
    write(chloe, "The strudel is here")
    expect(entry(zoe, "general")).to_contain_text("Chloé Roux: The strudel is here")
    expect(entry(zoe, "general")).to_contain_text("1 unread")
    press(zoe, "j")
    focus_is_in_sight(zoe)
    for key, is_unread in (("e", False), ("u", True), ("e", False)):
        press(zoe, key)
        expect(entry(zoe, "general").get_by_text("unread")).to_have_count(int(is_unread))
    expect(entry(zoe, "general").get_by_role("link")).to_be_focused()


def leave_and_return(ben, chloe):
    reach(ben, "summary", "More", most=40, key="Shift+Tab")
    press(ben, "Enter")
    reach(ben, "button", "Leave", most=12)
    press(ben, "Enter")
    expect(ben.page.get_by_text("You have left general.")).to_be_in_viewport()
    expect(entry(ben, "general")).to_have_count(0)
    skip(ben)
    reach(ben, "button", "Undo", most=1)
    press(ben, "Enter")
    sees_where(ben, "general")
    write(ben, "Here again")
    for person in (ben, chloe):
        reads(person, "Here again")


def test_the_whole_story_by_keyboard(three):
    zoe, ben, chloe = three()
    invite_and_meet(zoe, ben, chloe)
    talk(zoe, ben, chloe)
    talk_in_a_thread(zoe, ben, chloe)
    react(zoe, ben, chloe)
    edit(zoe, ben, chloe)
    find(ben)
    triage(zoe, chloe)
    leave_and_return(ben, chloe)
