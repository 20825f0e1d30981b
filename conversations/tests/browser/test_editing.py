"""Editing in place, while others change the same message and when the session has ended: no words are lost."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def ana(people):
    """Ana, with a message of hers."""
    one, _ = people()
    one.write("Who brings the cake?")
    return one


def edit(visitor):
    article = visitor.page.get_by_role("article").last
    article.hover()
    article.get_by_role("button", name="Edit").click()
    box = article.get_by_label("The message")
    expect(box).to_be_focused()
    return box


def test_an_edit_closes_also_where_word_of_it_comes_before_the_answer(ana):
    article, box = ana.page.get_by_role("article"), edit(ana)

    def answer_late(route):
        answer = route.fetch()
        expect(article.get_by_role("link", name="edited")).to_be_visible()
        route.fulfill(response=answer)

    ana.page.route("**/edit/", answer_late)
    box.fill("Who brings the tea?")
    with ana.page.expect_response("**/edit/"):
        ana.page.keyboard.press("Enter")
    expect(box).to_have_count(0)
    expect(article).to_contain_text("Who brings the tea?")
