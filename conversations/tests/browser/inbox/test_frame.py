"""The frame of every page in a browser: the sidebar, the three panes of the inbox, and the bar on a phone."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.tests.browser.audit import barriers
from conversations.tests.browser.site.test_keyboard import ready
from conversations.tests.factories import ConversationFactory, say

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
OVERFLOW = "document.documentElement.scrollHeight - innerHeight"
TOP = "document.querySelector('.sections').scrollTop"


@pytest.fixture
def ana(visitor):
    """Ana, in 26 conversations with unread messages of Ben, some of them private; `ana(**options)` of the browser."""

    def sign_in(**options):
        reader = visitor(**options)
        reader.sign_in("ana")
        me, reader.ben = User.objects.get(username="ana"), UserFactory(username="ben", display_name="Ben Okri")
        kinds = ["open", "private"]
        reader.conversations = [
            ConversationFactory(title=f"Conversation {n}", kind=kinds[n % 2], members=[me, reader.ben])
            for n in range(26)
        ]
        for conversation in reader.conversations:
            say(conversation, reader.ben, "first words", "and more")
        return reader

    return sign_in


def entries(page):
    return page.get_by_role("navigation", name="Your conversations").locator("[data-entry]")


def test_the_page_stays_in_its_window_and_the_sidebar_where_it_was(ana):
    reader = ana(viewport={"width": 1280, "height": 800})
    page = reader.page
    page.goto(f"{reader.url}/c/{reader.conversations[20].pk}/")
    ready(page)
    expect(page).to_have_title("(50) Conversation 20 · Our team")
    assert page.evaluate(OVERFLOW) == 0
    page.get_by_role("article").last.hover()
    page.mouse.wheel(0, 3000)
    page.evaluate("location.hash = document.querySelector('article').id")
    assert page.evaluate("scrollY") == 0
    expect(page.locator(".side-top")).to_be_in_viewport(ratio=1)

    page.locator(".sections").hover()
    page.mouse.wheel(0, 5000)
    page.wait_for_function(f"() => {TOP} > 50")
    top = page.evaluate(TOP)
    page.locator(".sections").get_by_role("link", name="Conversation 3", exact=False).first.click()
    expect(page.get_by_role("heading", name="Conversation 3")).to_be_visible()
    ready(page)
    assert abs(page.evaluate(TOP) - top) <= 1
    expect(page.locator(".sections [aria-current]")).to_be_in_viewport(ratio=1)
    page.goto(f"{reader.url}/c/{reader.conversations[25].pk}/")
    expect(page.locator(".sections [aria-current]")).to_be_in_viewport(ratio=1)

    expect(page.locator(".sections [aria-current] .count")).to_have_count(0)  # it is read
    page.reload()
    unread = int(page.locator(".side [data-total=unread]").inner_text().split()[0])
    say(reader.conversations[7], reader.ben, "a third")
    page.reload()
    expect(page.locator(".side [data-total=unread]")).to_contain_text(str(unread + 1))
    section = page.locator("[data-section=conversations] > details").first
    section.locator("summary").first.click()
    page.reload()
    expect(section).not_to_have_attribute("open", "")
    section.locator("summary").first.click()
    expect(section).to_have_attribute("open", "")


def test_the_menu_of_a_row_opens_by_mouse_and_key(ana):
    reader = ana()
    page, name = reader.page, "Conversation 5"
    page.goto(f"{reader.url}/saved/")
    ready(page)
    row = page.locator(".row", has_text=name).first
    row.locator("a").first.click(button="right")
    menu = page.locator(".row-menu-opened")
    expect(menu.get_by_role("button", name="Add to favourites")).to_be_focused()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(row.locator("a").first).to_be_focused()
    row.hover()
    row.get_by_role("link", name=f"Menu of {name}").click()
    menu.get_by_role("button", name="Add to favourites").click()
    expect(page.locator("[data-section=favourites]")).to_contain_text(name)
    row.locator("a").first.click(button="right")
    menu.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("1 conversation marked as read.")).to_be_visible()
    reader.troubles.clear()  # axe tries out styles


def test_the_inbox_has_three_panes_and_done_moves_on(ana):
    reader = ana(viewport={"width": 1440, "height": 900})
    page, keys = reader.page, reader.page.keyboard
    page.goto(reader.url)
    ready(page)
    expect(page.get_by_text("Select a conversation to read it here.")).to_be_visible()
    keys.press("j")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Conversation 25")).to_be_visible()
    expect(entries(page).first).to_be_focused()
    widths = [page.locator(part).bounding_box()["width"] for part in (".side", ".inbox-page", "main")]
    assert widths == [272, 380, 788]
    ready(page)
    keys.press("Enter")
    expect(page.get_by_label("Message to")).to_be_focused()
    entries(page).first.focus()
    keys.press("e")
    expect(page.get_by_role("heading", name="Conversation 24")).to_be_visible()
    expect(entries(page).nth(1)).to_be_focused()
    expect(entries(page).first).not_to_contain_text("unread")
    assert page.evaluate(OVERFLOW) == 0
    assert barriers(page) == []
    page.locator(".list-scroller").hover()
    page.mouse.wheel(0, 400)
    page.wait_for_function("() => document.querySelector('.list-scroller').scrollTop > 100")
    entries(page).filter(has_text="Conversation 10").click()
    expect(page.get_by_role("heading", name="Conversation 10")).to_be_visible()
    assert page.evaluate("document.querySelector('.list-scroller').scrollTop") > 100
    page.set_viewport_size({"width": 1000, "height": 800})
    expect(page.locator(".inbox-page")).to_be_hidden()
    expect(page.get_by_label("Message to")).to_be_visible()
    reader.troubles.clear()  # axe tries out styles


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_phone_shows_the_inbox_then_the_conversation(ana, script):
    reader = ana(java_script_enabled=script, **PHONE)
    page = reader.page
    page.goto(reader.url)
    boxes = [entry.bounding_box() for entry in entries(page).all()[:9]]
    bar = page.locator(".bottom-bar").bounding_box()
    assert boxes[0]["y"] <= 120
    assert boxes[8]["y"] + boxes[8]["height"] <= bar["y"] + 1, "nine entries are in view"
    assert bar["y"] + bar["height"] == 740
    entries(page).nth(8).scroll_into_view_if_needed()
    if script:
        page.evaluate("document.querySelector('.list-scroller').scrollTop = 300")
    entries(page).nth(7).tap()
    expect(page.get_by_role("heading", name="Conversation 18")).to_be_visible()
    expect(page.locator(".bottom-bar")).to_be_hidden()
    assert page.locator(".head").bounding_box()["height"] == pytest.approx(52, abs=1)
    page.locator(".head .more > summary").tap()
    for name in ("Members", "Search here", "Pinned messages", "Leave"):
        expect(page.locator(".head .more").get_by_text(name)).to_be_visible()
    if script:
        page.go_back()
        expect(entries(page).first).to_be_attached()
        page.wait_for_function("() => document.querySelector('.list-scroller').scrollTop === 300")
    else:
        page.get_by_role("link", name="Inbox").first.tap()
    page.locator(".me > summary").tap()
    page.get_by_role("link", name="Mentions").last.tap()
    expect(page.get_by_role("heading", name="Mentions")).to_be_visible()
    expect(page.locator(".bottom-bar")).to_be_visible()
