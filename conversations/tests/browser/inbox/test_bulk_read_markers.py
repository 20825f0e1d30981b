"""Triage in a browser: by key, while others go on talking, and without any script."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.browser.site.test_keyboard import ready
from conversations.tests.factories import ConversationFactory, say


@pytest.fixture
def ana(visitor):
    """Ana at her inbox, where Ben has said something in three conversations; `ana(script=False)` without JavaScript."""

    def come(*, script=True):
        one = visitor(java_script_enabled=script)
        one.come_in("ana")
        ana, one.ben = User.objects.get(), UserFactory(username="ben", display_name="Ben Okri")
        for title in ("Third", "Second", "First"):
            say(ConversationFactory(title=title, members=[ana, one.ben]), one.ben, f"words in {title}", "more")
        one.page.goto(one.url)
        if script:
            ready(one.page)
        return one

    return come


def lines(one):
    return one.page.get_by_role("navigation", name="Your conversations").get_by_role("link")


def line(one, name):
    return lines(one).filter(has_text=name)


def test_keys_move_read_unread_choose_and_open(ana):
    one = ana()
    page, keys = one.page, one.page.keyboard
    expect(page).to_have_title("(6) Inbox · Our place")
    keys.press("j")
    expect(line(one, "First")).to_be_focused()
    keys.press("e")
    expect(page.get_by_text("1 conversation is read.")).to_be_visible()
    expect(line(one, "First")).not_to_contain_text("unread")
    expect(line(one, "First")).to_be_focused()
    expect(page).to_have_title("(4) Inbox · Our place")
    keys.press("u")
    expect(line(one, "First")).to_contain_text("1 unread")
    expect(line(one, "First")).to_be_focused()
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("x")
    expect(page.get_by_role("checkbox", name="Third")).to_be_checked()
    keys.press("e")
    expect(page.get_by_text("2 conversations are read.")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page).to_have_title("(1) Inbox · Our place")
    keys.press("k")
    expect(line(one, "Second")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Second")).to_be_visible()


def test_in_a_filter_what_was_read_stays_until_one_comes_again(ana):
    one = ana()
    one.page.get_by_role("link", name="Unread", exact=True).click()
    expect(lines(one)).to_have_count(3)
    ready(one.page)
    one.page.keyboard.press("j")
    one.page.keyboard.press("e")
    expect(line(one, "First")).not_to_contain_text("unread")
    expect(lines(one)).to_have_count(3)
    one.page.reload()
    expect(lines(one)).to_have_count(2)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_all_is_read_at_once_and_taken_back(ana, script):
    one = ana(script=script)
    page = one.page
    page.get_by_role("link", name="Unread", exact=True).click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("3 conversations are read.")).to_be_visible()
    expect(page.get_by_text("You’re all caught up.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 conversations are unread again.")).to_be_visible()
    expect(line(one, "Second")).to_contain_text("2 unread")


def test_without_script_one_marks_what_one_has_chosen(ana):
    one = ana(script=False)
    page = one.page
    page.get_by_role("checkbox", name="Second").check()
    page.get_by_role("button", name="Mark read").click()
    expect(page.get_by_text("1 conversation is read.")).to_be_visible()
    expect(line(one, "Second")).not_to_contain_text("unread")
    page.get_by_role("checkbox", name="Second").check()
    page.get_by_role("button", name="Mark unread").click()
    expect(line(one, "Second")).to_contain_text("1 unread")
    expect(line(one, "First")).to_contain_text("2 unread")
    assert [each.unread for each in Conversation.objects.inbox_of(User.objects.get(username="ana"))] == [2, 1, 2]


def test_no_line_moves_under_who_is_at_them_and_all_do_once_they_want(people):
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
    ben.page.get_by_role("searchbox").focus()
    expect(names).to_contain_text(["Garden", "Town hall"])
    ana.write("more of it")
    expect(line(ben, "Garden")).to_contain_text("2 unread")
    ana.page.goto(town)
    ana.write("the town again")
    expect(names).to_contain_text(["Town hall", "Garden"])


def test_a_conversation_that_is_new_comes_in_with_a_box_of_its_own(people):
    ana, ben = people()
    ben.page.goto(ben.url)
    expect(lines(ben)).to_have_count(1)
    ana.page.goto(f"{ana.url}/people/ben/")
    ana.page.get_by_role("button", name="Message").click()
    ana.write("psst")
    expect(lines(ben)).to_have_count(2)
    expect(lines(ben).first).to_contain_text("psst")
    ben.page.keyboard.press("j")
    ben.page.keyboard.press("x")
    expect(ben.page.get_by_role("checkbox", name="ana")).to_be_checked()
