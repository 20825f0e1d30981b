"""Editing in place: edits survive changes by others, closed tabs and the end of the session."""

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.conftest import STORED_TEXT, choose, opened_again, sign_in


@pytest.fixture
def ana(people):
    """Ana, who has posted a message."""
    ana, _ = people()
    ana.write("Who brings the cake?")
    return ana


def edit(visitor):
    article = visitor.page.get_by_role("article").last
    choose(article, "Edit")
    box = article.get_by_label("Message text")
    expect(box).to_be_focused()
    return box


def test_an_edit_closes_even_if_the_change_arrives_before_the_response(ana):
    article, box = ana.page.get_by_role("article"), edit(ana)

    def answer_late(route):
        answer = route.fetch()
        expect(article.locator(".edited")).to_be_attached()  # it is shown when the form is closed
        route.fulfill(response=answer)

    ana.page.route("**/edit/", answer_late)
    box.fill("Who brings the tea?")
    with ana.page.expect_response("**/edit/"):
        ana.page.keyboard.press("Enter")
    expect(box).to_have_count(0)
    expect(article.get_by_role("link", name="edited")).to_be_visible()
    expect(article).to_contain_text("Who brings the tea?")


def test_an_edit_survives_a_closed_tab_until_it_is_cancelled(ana):
    edit(ana).fill("Who brings the tea?")
    again = opened_again(ana)
    box = edit(again)
    expect(box).to_have_value("Who brings the tea?")
    box.press("Escape")
    expect(edit(again)).to_have_value("Who brings the cake?")
    box.fill("Who brings the plates?")
    box.press("Enter")
    expect(again.page.get_by_role("article").get_by_role("link", name="edited")).to_be_visible()
    expect(edit(again)).to_have_value("Who brings the plates?")


def test_an_edit_survives_the_end_of_the_session(ana):
    box = edit(ana)
    ana.page.context.clear_cookies(name="sessionid")
    box.fill("Who brings the tea?")
    box.press("Enter")
    expect(ana.page.get_by_text("You were signed out.")).to_be_visible()
    expect(box).to_have_value("Who brings the tea?")
    ana.page.get_by_role("link", name="Sign in to continue").click()
    sign_in(ana.page, "ana")
    expect(ana.page.get_by_label("Message text")).to_have_value("Who brings the tea?")
    ana.page.get_by_role("button", name="Save").click()
    expect(ana.page.get_by_role("article")).to_contain_text("Who brings the tea?")
    expect(edit(ana)).to_have_value("Who brings the tea?")
    assert ana.page.evaluate(STORED_TEXT) == ""


def test_names_are_completed_in_edits(ana):
    box = edit(ana)
    box.press("End")
    ana.page.keyboard.type(" @al")
    option = ana.page.locator(".editing").get_by_role("option", name="@all")
    expect(option).to_be_visible()
    ana.page.keyboard.press("Enter")
    expect(box).to_have_value("Who brings the cake? @all ")
    ana.page.keyboard.press("Escape")
    expect(box).to_have_count(0)
