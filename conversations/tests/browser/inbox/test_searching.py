"""Searching in a browser: by key, by mouse, and without scripts."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conversations.models.conversation.conversation import Conversation
from conversations.tests.factories import say


@pytest.fixture
def talk(visitor):
    """Open Ana's browser, with or without scripts, on Town hall, where Ben has posted: `talk(script)`."""

    def open_browser(script=True):
        ana = visitor(java_script_enabled=script)
        ana.sign_in("ana", to="Town hall")
        town = Conversation.objects.get()
        ben = User.objects.create(username="ben", email="ben@example.org", display_name="Ben Okri")
        town.admit([ben])
        say(town, ben, "one before", "the first one", "we deployed the harpsichord", "one after", "the last one")
        return ana

    return open_browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_search_filters_context_and_permalink(talk, script):
    ana = talk(script)
    ana.page.goto(f"{ana.url}/search/")
    box = ana.page.get_by_role("searchbox", name="Search everywhere")
    box.fill("deploying")
    box.press("Enter")
    expect(ana.page.locator("mark")).to_have_text("deployed")
    expect(ana.page.get_by_text("1 result", exact=True)).to_be_visible()
    ana.page.get_by_text("Filters", exact=True).click()
    sender = ana.page.get_by_role("group", name="From")
    sender.get_by_role("textbox").or_(sender.get_by_role("combobox")).fill("ben")
    if script:
        sender.get_by_role("option", name="ben").click()
        expect(sender.locator(".chip")).to_contain_text("ben")
    ana.page.get_by_label("In", exact=True).fill("Town hall")
    ana.page.get_by_role("button", name="Apply filters").click()
    expect(box).to_have_value('deploying from:ben in:"Town hall"')
    expect(ana.page.locator("mark")).to_have_text("deployed")
    ana.page.get_by_role("link", name="Show context").click()
    lines = ana.page.locator(".around-lines li")
    expect(lines).to_have_count(5)
    expect(lines.nth(0)).to_contain_text("one before")
    if script:
        ana.page.get_by_role("link", name="Show context").click()
        expect(lines).to_have_count(0)
        ana.page.locator(".hit h2 time").click()
    else:
        ana.page.get_by_role("link", name="Show the message in its conversation").click()
    expect(ana.page.locator("article:target")).to_contain_text("harpsichord")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_recent_searches_are_listed_until_they_are_erased(talk, script):
    ana = talk(script)
    ana.page.goto(f"{ana.url}/search/")
    for words in ("harpsichord", "clavichord"):
        box = ana.page.get_by_role("searchbox", name="Search everywhere")
        box.fill(words)
        box.press("Enter")
        expect(box).to_have_value(words)
    expect(ana.page.get_by_text("No results for")).to_be_visible()
    ana.page.goto(f"{ana.url}/search/")
    ana.page.get_by_role("link", name="harpsichord").click()
    expect(ana.page.locator("mark")).to_have_text("harpsichord")
    ana.page.goto(f"{ana.url}/search/")
    ana.page.get_by_role("button", name="Clear clavichord").click()
    expect(ana.page.get_by_role("link", name="clavichord")).to_have_count(0)
    ana.page.get_by_role("button", name="Clear all").click()
    expect(ana.page.get_by_role("link", name="harpsichord")).to_have_count(0)


def test_slash_opens_the_search_or_focuses_its_box_where_arrows_select_completions(talk):
    ana = talk()
    ana.page.locator("h1").click()
    ana.page.keyboard.press("/")
    expect(ana.page.get_by_role("combobox", name="Search or jump to…")).to_be_focused()
    ana.page.goto(f"{ana.url}/search/")
    ana.page.wait_for_function("() => Boolean(customElements.get('search-box'))")
    ana.page.locator("h1").click()
    ana.page.keyboard.press("/")
    box = ana.page.get_by_label("Search everywhere")
    expect(box).to_be_focused()
    ana.page.keyboard.type("from:be")
    option = ana.page.get_by_role("option", name="from:ben")
    expect(option).to_be_visible()
    expect(option).to_have_attribute("aria-selected", "false")
    ana.page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    ana.page.keyboard.press("Enter")
    expect(box).to_have_value("from:ben ")
    ana.page.keyboard.type("harpsichord")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("mark")).to_have_text("harpsichord")


def test_slash_can_be_typed_in_other_fields(talk):
    ana = talk()
    ana.page.goto(f"{ana.url}/people/")
    ana.page.get_by_label("Part of a name").click()
    ana.page.keyboard.type("a/b")
    expect(ana.page.get_by_label("Part of a name")).to_have_value("a/b")
