"""Scrolling through a conversation: its page is a window on all messages, and its address follows the view."""

import re
import time

import pytest
from playwright.sync_api import expect

from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Message
from conversations.tests.factories import say

COUNT = 200
PATIENCE_SECONDS = 60
TOP = "(id) => document.getElementById(id).getBoundingClientRect().top"
LAST_IN_VIEW = """() => {
  const { bottom } = document.querySelector(".scroller").getBoundingClientRect();
  const last = [...document.querySelectorAll("article")].findLast((each) => each.getBoundingClientRect().top < bottom);
  return [last.id, Math.round(last.getBoundingClientRect().top)];
}"""
PLACE = "({ scrollTop, scrollHeight }) => [scrollTop, scrollHeight]"
IDS = "() => [...document.querySelectorAll('.timeline article')].map(({ id }) => Number(id.slice(1)))"


@pytest.fixture
def ana(visitor):
    """Ana on the page of Town hall, which has many messages of several lengths."""
    person = visitor(viewport={"width": 1024, "height": 600})
    person.sign_in("ana", to="Town hall")
    town = Conversation.objects.get(title="Town hall")
    author = town.members.get()
    say(town, author, *(f"message {number} " + "and words " * (number % 5 * 9) for number in range(COUNT)))
    person.page.reload()
    yield person
    person.page.unroute_all(behavior="ignoreErrors")  # the page may still be loading when its test has ended


def hold_pieces(page):
    """Hold back the answers with older and newer messages; return what releases them."""
    held, holding = [], [True]

    def answer(route):
        response = route.fetch()
        if holding:
            held.append((route, response))
        else:
            route.fulfill(response=response)

    def release():
        holding.clear()
        for route, response in held:
            route.fulfill(response=response)

    page.route("**/piece/*", answer)
    return release


def articles(person):
    return person.page.locator(".timeline article")


def test_page_up_leads_from_the_newest_message_to_the_first_and_a_button_back(ana):
    page = ana.page
    visits = []
    page.on("framenavigated", lambda frame: visits.append(frame.url))
    first, newest = (articles(ana).filter(has_text=re.compile(rf"message {number}\b")) for number in (0, COUNT - 1))
    expect(page.get_by_label("Message to")).to_be_focused()
    most = 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        page.keyboard.press("PageUp")
        if first.count() and not page.locator(".timeline [rel=prev]").count():
            break
        ids = page.evaluate(IDS)
        assert ids == list(range(ids[0], ids[0] + len(ids))), "all messages in order, each once"
        most = max(most, len(ids))
    expect(first).to_have_count(1)
    assert most > 40
    expect(newest).to_have_count(0)  # what is far away has left the page
    expect(page.locator(".day")).to_have_count(1)
    page.get_by_role("button", name="Jump to newest").click()
    expect(newest).to_be_in_viewport()
    expect(page.get_by_role("button", name="Jump to newest")).to_be_hidden()
    expect(page.locator(".timeline [rel=next]")).to_have_count(0)
    assert [url for url in visits if "before" not in url and "#" not in url and url != page.url] == []


def test_older_messages_arrive_without_a_jump_and_a_reload_returns_to_the_place(ana):
    page = ana.page
    release = hold_pieces(page)
    scroller = page.locator(".scroller")
    with page.expect_request("**/piece/*"):
        page.reload()
        page.mouse.move(500, 300)
        page.mouse.move(501, 300)
        expect(page.locator(".room")).to_have_count(1)
        page.locator("article").first.evaluate("(element) => element.scrollIntoView()")
    expect(scroller).to_have_class(re.compile("from-top"))
    anchor, _top = page.evaluate(LAST_IN_VIEW)
    top, place = page.evaluate(TOP, anchor), scroller.evaluate(PLACE)
    release()
    expect(articles(ana)).not_to_have_count(20)
    assert page.evaluate(TOP, anchor) == pytest.approx(top, abs=0.5)
    assert scroller.evaluate(PLACE) == place, "they fill the room, as a reader may scroll at the same time"
    page.wait_for_url("**/?before=*")
    address = page.url
    page.mouse.wheel(0, -900)
    page.wait_for_function("(address) => location.href !== address", arg=address)
    place = page.evaluate(LAST_IN_VIEW)
    page.reload()
    expect(articles(ana)).not_to_have_count(20)
    name, height = page.evaluate(LAST_IN_VIEW)
    assert (name, height) == (place[0], pytest.approx(place[1], abs=1))
    page.goto(ana.url)
    page.go_back()
    expect(page.locator(f"#{name}")).to_be_in_viewport()


def test_a_reader_ahead_of_what_is_loaded_meets_it_where_they_are(ana):
    page = ana.page
    release = hold_pieces(page)
    with page.expect_request("**/piece/*"):
        page.reload()
        page.mouse.move(500, 300)
        page.mouse.move(501, 300)
        expect(page.locator(".room")).to_have_count(1)
        page.locator(".scroller").evaluate("(element) => (element.scrollTop = -element.scrollHeight)")
    oldest = articles(ana).first
    expect(oldest).not_to_be_in_viewport()
    number = oldest.evaluate("({ id }) => Number(id.slice(1))")
    release()
    expect(page.locator(f"#m{number - 1}")).to_be_in_viewport()


def test_changes_apply_to_what_is_on_the_page_and_new_messages_are_counted(ana):
    page = ana.page
    town = Conversation.objects.get(title="Town hall")
    author = town.members.get()
    oldest = Message.objects.order_by("created_at").first()
    release = hold_pieces(page)
    with page.expect_request("**/piece/*"):
        page.goto(f"{ana.url}/c/{town.pk}/?at={oldest.pk}")
    late = Message.objects.get(pk=page.evaluate(IDS)[-1] + 5)
    late.edit(author, "edited while it was loaded")
    town.join(UserFactory())  # which nobody has to read
    say(town, author, "something new", "and more")
    expect(page.get_by_role("button", name="2 new messages")).to_be_visible()
    release()
    expect(page.locator(f"#m{late.pk}")).to_contain_text("edited while it was loaded")
    expect(articles(ana).filter(has_text="something new")).to_have_count(0)
    page.get_by_role("button", name="2 new messages").click()
    expect(articles(ana).last).to_contain_text("and more")
    expect(articles(ana).filter(has_text="something new")).to_have_count(1)
    say(town, author, "third")
    expect(articles(ana).last).to_contain_text("third")


def test_long_messages_and_code_unfold_in_place(visitor):
    ana = visitor(viewport={"width": 1024, "height": 600})
    ana.sign_in("ana", to="Town hall")
    town = Conversation.objects.get(title="Town hall")
    code = "```python\n" + "\n".join(f"number = {number}" for number in range(60)) + "\n```"
    say(town, town.members.get(), *["before"] * 8, code, "line\n" * 60, *["after"] * 4)
    ana.page.reload()
    folded_code, folded = (articles(ana).filter(has_text=words) for words in ("number = 0", "line line line"))
    for article, part, button in ((folded_code, "pre", "Show all 60 lines of python"), (folded, ".body", "Show more")):
        article.scroll_into_view_if_needed()
        more = article.locator("summary").get_by_text(button)
        assert 100 < article.locator(part).bounding_box()["height"] < 350, "the first lines are shown"
        more.scroll_into_view_if_needed()
        top = article.bounding_box()["y"]
        more.click()
        expect(more).to_be_hidden()
        assert article.bounding_box()["y"] == pytest.approx(top, abs=1)
        assert article.locator(part).bounding_box()["height"] > 800
        article.get_by_text("Show less").click()
        expect(more).to_be_in_viewport()
    corner, pre = (folded_code.locator(part).bounding_box() for part in (".copy-code", "pre"))
    assert pre["y"] <= corner["y"] + 1
    assert corner["x"] + corner["width"] <= pre["x"] + pre["width"] + 1
    day = ana.page.locator(".day").bounding_box()
    assert day["y"] == pytest.approx(ana.page.locator(".scroller").bounding_box()["y"], abs=1), "the day stays in view"
