"""Keyboard use, from signing in to signing out, with the focus always visible."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Membership, Message, Reaction
from conversations.tests.browser.audit import barriers
from conversations.tests.browser.conftest import PASSWORD, choose
from conversations.tests.factories import ConversationFactory, say

MOST_TABS = 120


@pytest.fixture
def ana(visitor):
    """Ana, on the page of Town hall, where Ben has posted."""
    reader = visitor()
    reader.sign_in("ana")
    ana, ben = User.objects.get(), UserFactory(username="ben", display_name="Ben Okri")
    town = ConversationFactory(title="Town hall", members=[ana, ben])
    say(town, ben, "number one", "number two", "number three")
    reader.page.goto(f"{reader.url}/c/{town.pk}/")
    expect(reader.page.get_by_label("Message to")).to_be_focused()
    reader.ben, reader.town = ben, town
    return reader


def said(reader, words):
    return reader.page.locator("article").filter(has_text=words)


def ready(page):
    """Wait until the scripts that handle keys have loaded."""
    page.wait_for_function("() => Boolean(customElements.get('key-sheet'))")
    if page.locator("bulk-actions").count():
        page.wait_for_function("() => Boolean(customElements.get('bulk-actions'))")


def tab_to(page, name):
    """Press Tab until the element with this name has the focus, which also proves that nothing traps the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"
        )
        if found == name:
            return
    raise AssertionError(f"{name} can't be reached by Tab")


def test_everything_from_signing_in_to_signing_out_without_a_mouse(visitor):
    reader = visitor()
    page, keys = reader.page, reader.page.keyboard
    ana, ben = UserFactory(username="ana"), UserFactory(username="ben")
    ana.set_password(PASSWORD)
    ana.save()
    town = ConversationFactory(title="Town hall", members=[ana, ben])
    ConversationFactory(title="Quiet place", members=[ana])
    say(town, ben, "Who brings the cake?")

    page.goto(f"{reader.url}/accounts/login/")
    keys.type("ana")
    keys.press("Tab")  # the link for a forgotten password
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    ready(page)

    keys.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    keys.type("tow hal")
    expect(page.get_by_role("group", name="Conversations").get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option", selected=True)).to_contain_text("Town hall")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Town hall")).to_be_visible()

    expect(page.get_by_label("Message to")).to_be_focused()
    keys.press("Escape")
    expect(said(reader, "cake?")).to_be_focused()
    keys.press("r")
    expect(page.get_by_text("Replying to ben")).to_be_visible()
    keys.type("Not me")
    keys.press("Enter")
    mine = said(reader, "Not me").last
    expect(mine).to_be_visible()
    expect(page.get_by_label("Message to")).to_be_focused()

    keys.press("Escape")
    expect(mine).to_be_focused()
    keys.press("k")
    expect(said(reader, "cake?").first).to_be_focused()
    keys.press("+")
    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    keys.type("tada")
    keys.press("Enter")
    expect(said(reader, "cake?").first.get_by_role("button", name="1 reacted")).to_be_visible()
    expect(said(reader, "cake?").first).to_be_focused()  # where the key was pressed

    keys.press("j")
    keys.press("e")
    expect(page.get_by_label("Message text", exact=True)).to_be_focused()
    keys.press("Control+a")
    keys.type("Me, after all")
    keys.press("Enter")
    expect(said(reader, "Me, after all").last).to_be_focused()

    tab_to(page, "More actions")
    keys.press("Enter")
    tab_to(page, "Delete")
    keys.press("Enter")
    expect(said(reader, "Me, after all")).to_have_count(0)
    expect(said(reader, "cake?")).to_be_focused()
    keys.press("z")
    expect(said(reader, "Me, after all").last).to_be_focused()

    tab_to(page, "Search or jump to…Ctrl K")  # as the text of its parts
    page.locator(".me > summary").focus()
    keys.press("Enter")
    tab_to(page, "Sign out")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_keys_move_between_messages_and_escape_returns_to_the_box(ana):
    page, keys = ana.page, ana.page.keyboard
    keys.press("Escape")
    expect(said(ana, "number three")).to_be_focused()
    keys.press("j")
    expect(said(ana, "number three")).to_be_focused()
    keys.press("k")
    keys.press("k")
    expect(said(ana, "number one")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keys.press("+")
    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(said(ana, "number one")).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_label("Message to")).to_be_focused()
    keys.type("jk?re+/")
    expect(page.get_by_label("Message to")).to_have_value("jk?re+/")
    assert page.locator("dialog[open], .editing").count() == 0, "typing in the box triggers no shortcuts"


def test_r_replies_and_escape_first_cancels_the_reply(ana):
    page, keys = ana.page, ana.page.keyboard
    keys.press("Escape")
    keys.press("k")
    keys.press("r")
    expect(page.get_by_text("Replying to Ben Okri number two")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_text("Replying to Ben Okri")).to_be_hidden()
    expect(page.get_by_label("Message to")).to_be_focused()
    keys.press("Escape")
    expect(said(ana, "number three")).to_be_focused()
    keys.press("e")
    keys.press("Enter")
    expect(page.locator(".editing")).to_have_count(0)
    expect(page.locator("article:target")).to_contain_text("number three")


@pytest.mark.parametrize("field", ["", "h3 .at", ".tools [data-do=reply]"], ids=["message", "its time", "its tools"])
def test_the_focus_survives_changes_and_new_messages_by_others(people, field):
    ana, ben = people()
    ben.write("first")
    first = said(ana, "first")
    expect(first).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(first).to_be_focused()
    if field:
        first.locator(field).first.focus()
    ben.page.get_by_label("Message to").press("ArrowUp")
    ben.page.get_by_label("Message text", exact=True).press_sequentially(" and foremost")
    ben.page.keyboard.press("Enter")
    fresh = said(ana, "first and foremost")
    expect(fresh).to_be_visible()
    expect(fresh.locator(field).first if field else fresh).to_be_focused()
    ben.write("second")
    expect(said(ana, "second")).to_be_visible()
    expect(fresh.locator(field).first if field else fresh).to_be_focused()


def test_the_focus_moves_on_when_others_delete_the_message(people):
    ana, ben = people()
    ben.write("first")
    ben.write("second")
    expect(said(ana, "second")).to_be_visible()
    ana.page.keyboard.press("Escape")
    choose(said(ben, "second"), "Delete")
    expect(said(ana, "second")).to_have_count(0)
    expect(said(ana, "first")).to_be_focused()


def test_single_key_shortcuts_can_be_turned_off(ana):
    page, keys = ana.page, ana.page.keyboard
    page.goto(f"{ana.url}/settings/profile/")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Profile saved.")).to_be_visible()
    ready(page)
    for key in ("?", "/", "j"):
        page.locator("h1").click()
        keys.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("input:focus")).to_have_count(0)
    page.goto(f"{ana.url}/c/{ana.town.pk}/")
    keys.press("Escape")
    expect(said(ana, "number three")).to_be_focused()
    for key in ("k", "r", "+", "e"):
        keys.press(key)
    expect(page.get_by_label("Message to")).to_have_value("kr+e")
    expect(page.locator(".replying-to")).to_be_hidden()
    keys.press("Control+k")
    expect(page.locator("dialog.quick-switcher")).to_be_visible()
    page.goto(f"{ana.url}/help/keys/")
    expect(page.get_by_text("You have turned keyboard shortcuts off.")).to_be_visible()


def test_question_mark_lists_the_shortcuts_and_escape_closes_them(ana):
    page, keys = ana.page, ana.page.keyboard
    keys.press("Escape")
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("row", name="Ctrl K jump to a conversation")).to_be_visible()
    assert barriers(page) == []
    keys.press("r")
    expect(page.locator(".replying-to")).to_be_hidden()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(said(ana, "number three")).to_be_focused()
    ana.troubles.clear()  # axe tries out styles


def test_the_quick_switcher_works_among_ten_thousand_conversations(ana):
    page, keys = ana.page, ana.page.keyboard
    Conversation.objects.bulk_create(Conversation(title=f"Project {number}") for number in range(10_000))
    secret = ConversationFactory(title="Project X, secret", kind="private", members=[ana.ben])
    assert Conversation.objects.visible_to(ana.ben).filter(pk=secret.pk).exists(), "there is something to hide"
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or jump to…")).to_be_focused()
    expect(page.get_by_role("option", name="Town hall")).to_have_count(0)  # as it is open
    keys.type("proj")
    expect(page.get_by_role("group", name="Conversations").get_by_role("option")).to_have_count(6)
    expect(page.get_by_role("option", selected=True)).to_contain_text("Project")
    assert barriers(page) == []
    keys.type(" 4711")
    expect(page.get_by_role("option", name="Project")).to_have_count(1)
    expect(page.get_by_role("option", selected=True)).to_contain_text("Project 4711")
    keys.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Search all messages for “proj 4711”")
    keys.press("Control+a")
    keys.type("secret")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option", selected=True)).to_contain_text("Search all messages for “secret”")
    keys.press("Control+a")
    keys.type("three")
    expect(page.get_by_role("option", name="number three")).to_be_visible()
    keys.press("Control+a")
    keys.type("in:tow")
    expect(page.get_by_role("option", name='in:"Town hall"')).to_be_visible()
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(page.get_by_role("combobox", name="Search or jump to…")).to_have_value('in:"Town hall" ')
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Message to")).to_be_focused()
    keys.press("Control+k")
    keys.type("projcet 4711")
    expect(page.get_by_role("option", name="Project 4711")).to_be_visible()
    with page.context.expect_page() as tab:
        keys.press("Control+Enter")
    expect(tab.value.get_by_role("heading", name="Project 4711")).to_be_visible()
    tab.value.close()
    keys.press("Control+a")
    keys.type("proj 4711")
    keys.press("Enter")  # before the matches are shown
    expect(page.get_by_role("heading", name="Project 4711")).to_be_visible()
    ready(page)
    keys.press("Control+k")
    keys.type("nothing is called so")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    expect(page.get_by_role("searchbox").last).to_have_value("nothing is called so")
    page.goto(f"{ana.url}/search/")
    expect(page.get_by_role("link", name="nothing is called so")).to_be_visible()  # among the recent searches
    ana.troubles.clear()  # axe tries out styles


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_quick_switcher_has_a_page(visitor, script):
    reader = visitor(java_script_enabled=script)
    reader.sign_in("ana")
    UserFactory(username="ben", display_name="Ben Okri")
    if script:
        ready(reader.page)
    reader.page.get_by_role("link", name="Search or jump to…").click()
    box = reader.page.get_by_role("combobox") if script else reader.page.get_by_label("Part of a name")
    if script:
        reader.page.keyboard.type("okr")
        expect(reader.page.get_by_role("option", name="Ben Okri")).to_be_visible()
    else:
        box.fill("okr")
    reader.page.keyboard.press("Enter")
    if not script:
        reader.page.get_by_role("link", name="Ben Okri").click()
    expect(reader.page.get_by_role("heading", name="Ben Okri")).to_be_visible()


def test_alt_and_arrows_move_through_the_inbox_and_with_shift_to_unread_conversations(ana):
    page, keys = ana.page, ana.page.keyboard
    me = User.objects.get(username="ana")
    titles = ["lowest", "low", "middle"]
    low = {title: ConversationFactory(title=title, members=[me, ana.ben]) for title in titles}
    for title in titles:
        say(low[title], me if title == "low" else ana.ben, "words")
    say(ana.town, ana.ben, "the last")
    page.reload()
    expect(page.get_by_label("Message to")).to_be_focused()
    for key, title in [
        *(("Alt+ArrowDown", "middle"), ("Alt+ArrowUp", "Town hall"), ("Alt+ArrowDown", "middle")),
        *(("Alt+Shift+ArrowDown", "lowest"), ("Alt+ArrowUp", "low")),
    ]:
        keys.press(key)
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(page.get_by_label("Message to")).to_be_focused()
        expect(page.locator(".sections [aria-current=page]")).not_to_have_attribute("data-unread", re.compile("."))
    keys.press("Alt+Shift+ArrowDown")
    expect(page.get_by_text("You’re all caught up.")).to_be_visible()


def test_reactions_by_keyboard_are_added_and_removed(ana):
    keys = ana.page.keyboard
    keys.press("Escape")
    keys.press("+")
    expect(ana.page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    keys.type("tada")
    keys.press("Enter")
    mine = said(ana, "number three").get_by_role("button", name="reacted")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.focus()
    keys.press("Enter")
    expect(mine).to_have_count(0)
    expect(said(ana, "number three")).to_be_focused()
    assert not Reaction.objects.exists()
    assert Message.objects.count() == 3
    assert Membership.objects.filter(conversation=ana.town).count() == 2
