"""Triage in a browser: by key, while others are posting, and without scripts."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.browser.site.test_keyboard import ready
from conversations.tests.browser.site.test_phone import FINGER, PHONE
from conversations.tests.factories import ConversationFactory, say


@pytest.fixture
def ana(visitor):
    """Ana at her inbox, after Ben has posted in three conversations; `ana(script=False)` disables JavaScript."""

    def open_inbox(*, script=True, **options):
        reader = visitor(java_script_enabled=script, **options)
        reader.sign_in("ana")
        ana, reader.ben = User.objects.get(), UserFactory(username="ben", display_name="Ben Okri")
        for title in ("Third", "Second", "First"):
            say(ConversationFactory(title=title, members=[ana, reader.ben]), reader.ben, f"words in {title}", "more")
        reader.page.goto(reader.url)
        if script:
            ready(reader.page)
        return reader

    return open_inbox


def lines(reader):
    return reader.page.get_by_role("navigation", name="Your conversations").get_by_role("link")


def line(reader, name):
    return lines(reader).filter(has_text=name)


def test_keys_move_mark_select_and_open(ana):
    reader = ana()
    page, keys = reader.page, reader.page.keyboard
    expect(page).to_have_title("(6) Inbox · Our team")
    keys.press("j")
    expect(line(reader, "First")).to_be_focused()
    keys.press("e")
    expect(page.get_by_text("1 conversation marked as read.")).to_be_visible()
    expect(line(reader, "First")).not_to_contain_text("unread")
    expect(line(reader, "First")).to_be_focused()
    expect(page).to_have_title("(4) Inbox · Our team")
    keys.press("u")
    expect(line(reader, "First")).to_contain_text("1 unread")
    expect(line(reader, "First")).to_be_focused()
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("x")
    expect(page.get_by_role("checkbox", name="Third")).to_be_checked()
    keys.press("e")
    expect(page.get_by_text("2 conversations marked as read.")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page).to_have_title("(1) Inbox · Our team")
    keys.press("k")
    expect(line(reader, "Second")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Second")).to_be_visible()


def test_conversations_marked_read_stay_in_the_unread_filter_until_reload(ana):
    reader = ana()
    reader.page.get_by_role("link", name="Unread", exact=True).click()
    expect(lines(reader)).to_have_count(3)
    ready(reader.page)
    reader.page.keyboard.press("j")
    reader.page.keyboard.press("e")
    expect(line(reader, "First")).not_to_contain_text("unread")
    expect(lines(reader)).to_have_count(3)
    reader.page.reload()
    expect(lines(reader)).to_have_count(2)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_mark_all_as_read_and_undo(ana, script):
    reader = ana(script=script)
    page = reader.page
    page.get_by_role("link", name="Unread", exact=True).click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("3 conversations marked as read.")).to_be_visible()
    expect(page.get_by_text("You’re all caught up.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 conversations marked as unread again.")).to_be_visible()
    expect(line(reader, "Second")).to_contain_text("2 unread")


def test_selected_conversations_are_marked_without_scripts(ana):
    reader = ana(script=False)
    page = reader.page
    page.get_by_role("checkbox", name="Second").check()
    page.get_by_role("button", name="Mark read").click()
    expect(page.get_by_text("1 conversation marked as read.")).to_be_visible()
    expect(line(reader, "Second")).not_to_contain_text("unread")
    page.get_by_role("checkbox", name="Second").check()
    page.get_by_role("button", name="Mark unread").click()
    expect(line(reader, "Second")).to_contain_text("1 unread")
    expect(line(reader, "First")).to_contain_text("2 unread")
    assert [each.unread for each in Conversation.objects.inbox_of(User.objects.get(username="ana"))] == [2, 1, 2]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_several_conversations_are_selected_by_finger(ana, script):
    reader = ana(script=script, **PHONE)
    page = reader.page
    box, selecting = page.get_by_role("checkbox", name="Second"), page.locator("label", has_text="Select conversations")
    expect(box).to_be_hidden()
    expect(page.get_by_role("button", name="Mark read")).to_be_hidden()
    selecting.tap()
    for title in ("First", "Second"):
        page.locator(".entry", has_text=title).tap()  # anywhere on the entry
        expect(page.get_by_role("checkbox", name=title)).to_be_checked()
    assert page.get_by_role("button", name="Mark read").bounding_box()["height"] >= FINGER
    page.get_by_role("button", name="Mark read").tap()
    expect(page.get_by_text("2 conversations marked as read.")).to_be_visible()
    expect(line(reader, "First")).not_to_contain_text("unread")
    expect(line(reader, "Third")).to_contain_text("2 unread")
    if script:
        selecting.tap()
    expect(box).to_be_hidden()
    line(reader, "First").tap()
    expect(page.get_by_role("heading", name="First")).to_be_visible()


def test_the_inbox_is_reordered_only_on_request_while_it_has_focus(people):
    ana, ben = people()
    town = ana.page.url
    ana.start("Garden")
    garden = ana.page.url
    ben.page.goto(garden)
    ben.page.get_by_role("button", name="Join").click()
    ben.page.goto(ben.url)
    names = lines(ben).locator("b")
    expect(names).to_contain_text(["Garden", "Town hall"])
    ben.page.keyboard.press("j")
    expect(line(ben, "Garden")).to_be_focused()
    ana.page.goto(town)
    ana.write("news of the town")
    expect(line(ben, "Town hall")).to_contain_text("news of the town")
    expect(line(ben, "Town hall")).to_contain_text("1 unread")
    expect(names).to_contain_text(["Garden", "Town hall"])
    expect(line(ben, "Garden")).to_be_focused()
    ben.page.get_by_role("button", name="Show new order").press("Enter")
    expect(names).to_contain_text(["Town hall", "Garden"])
    expect(line(ben, "Town hall")).to_be_focused()
    expect(ben.page.get_by_role("button", name="Show new order")).to_be_hidden()

    ana.page.goto(garden)
    ana.write("news of the garden")
    expect(line(ben, "Garden")).to_contain_text("news of the garden")
    expect(names).to_contain_text(["Town hall", "Garden"])
    ben.page.locator(".jump-field").focus()
    expect(names).to_contain_text(["Garden", "Town hall"])
    ana.write("more of it")
    expect(line(ben, "Garden")).to_contain_text("2 unread")
    ana.page.goto(town)
    ana.write("the town again")
    expect(names).to_contain_text(["Town hall", "Garden"])


def test_a_new_conversation_appears_with_a_checkbox(people):
    ana, ben = people()
    ben.page.goto(ben.url)
    expect(lines(ben)).to_have_count(2)  # with #general
    ana.page.goto(f"{ana.url}/people/ben/")
    ana.page.get_by_role("button", name="Message").click()
    ana.write("psst")
    expect(lines(ben)).to_have_count(3)
    expect(lines(ben).first).to_contain_text("psst")
    ben.page.keyboard.press("j")
    ben.page.keyboard.press("x")
    expect(ben.page.get_by_role("checkbox", name="ana")).to_be_checked()
