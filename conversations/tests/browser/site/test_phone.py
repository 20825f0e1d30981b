"""On a phone: one column, large touch targets, and a message box that stays visible above the keyboard."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Conversation
from conversations.tests.browser.audit import barriers
from conversations.tests.browser.site.test_pages import auditor_of, numbers  # noqa: F401 – fixtures
from conversations.tests.factories import say

FINGER = 44
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# Finds touch targets that are too small, by hit tests up and down from their middle. Links in text are exempt.
SMALL = """(finger) => {
  const found = [];
  const all = "a, button, summary, textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])";
  const inText = ".body, .said, .help, .unseen, .skip, .replied-to, .page > p, article h3";
  for (const each of document.querySelectorAll(all)) {
    if (!each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || each.closest(inText)) continue;
    each.scrollIntoView({ block: "center" });
    const { x, y, width, height } = each.getBoundingClientRect();
    if (width < 2) continue;
    const isHit = (down) => {
      const hit = document.elementFromPoint(x + width / 2, y + height / 2 + down);
      return each.contains(hit) || each === hit?.closest("label")?.control;
    };
    if (!isHit(0)) continue; // something lies over it
    let room = 1;
    for (const step of [-1, 1]) for (let down = step; Math.abs(down) < finger && isHit(down); down += step) room += 1;
    if (Math.max(room, height) < finger - 1) found.push(`${each.outerHTML.slice(0, 80)} ${room}`);
  }
  return found;
}"""


@pytest.fixture
def phone_page(auditor_of, numbers):  # noqa: F811
    return auditor_of("ana", **PHONE), numbers


def test_touch_targets_are_large_enough(phone_page):
    auditor, values = phone_page
    for address in ("/", "/c/{town}/", "/search/?q=heading", "/settings/profile/", "/c/{town}/members/", "/people/"):
        auditor.page.goto(auditor.url + address.format(**values))
        assert auditor.page.evaluate(SMALL, FINGER) == [], address
        assert auditor.page.evaluate("document.documentElement.scrollWidth") <= 360, address
    auditor.troubles.clear()


def said_in(values, *texts):
    """Let Ben post in Town hall, where Ana has posted last."""
    return say(Conversation.objects.get(pk=values["town"]), User.objects.get(username="ben"), *texts)


def press_long(page, element):
    """Hold a finger on the middle of an element until the sheet of actions opens."""
    element.scroll_into_view_if_needed()
    box, devtools = element.bounding_box(), page.context.new_cdp_session(page)
    finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    expect(page.locator("dialog.sheet")).to_be_visible()
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_sheet_with_the_actions_of_a_message_opens_after_a_long_press(phone_page):
    auditor, values = phone_page
    page = auditor.page
    message = said_in(values, "press me")
    page.goto(f"{auditor.url}/c/{values['town']}/")
    article = page.locator(f"#m{message.pk}")
    sheet = page.locator("dialog.sheet")
    article.locator(".body p").first.tap()
    article.locator(".dots").tap()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    press_long(page, article.locator(".body p").first)
    expect(sheet.get_by_role("button", name="Copy link")).to_be_visible()
    assert page.evaluate(SMALL, FINGER) == []
    assert barriers(page) == []
    page.touchscreen.tap(180, 20)
    expect(sheet).to_be_hidden()
    press_long(page, article.locator(".body p").first)
    sheet.get_by_role("button", name="👍").tap()
    expect(article.get_by_role("button", name="1 reacted 👍")).to_be_visible()
    expect(sheet).to_be_hidden()
    assert page.evaluate(SMALL, FINGER) == []
    press_long(page, article.locator(".body p").first)
    sheet.get_by_role("button", name="Reply", exact=True).tap()
    expect(page.locator(".replying-to")).to_be_visible()
    auditor.troubles.clear()  # axe tries out styles


# Lists the messages whose words are not what a finger in their middle meets.
COVERED = """() => [...document.querySelectorAll("article .body")].filter((body) => {
  body.scrollIntoView({ block: "center" });
  const { x, y, width, height } = body.getBoundingClientRect();
  return !body.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}).map(({ textContent }) => textContent)"""


def test_messages_are_grouped_closely_and_a_tap_on_their_words_does_nothing(phone_page):
    auditor, values = phone_page
    page = auditor.page
    said_in(values, "first", "ok", "and")
    page.goto(f"{auditor.url}/c/{values['town']}/")
    last = [page.get_by_role("article").nth(number) for number in (-3, -2)]
    first, grouped = (article.bounding_box()["height"] for article in last)
    assert grouped <= 34
    assert grouped < first
    assert page.evaluate(COVERED) == []
    address = page.url
    last[1].locator(".body").tap()
    page.locator(f"#m{values['edited']} .body").tap()
    assert page.evaluate("document.querySelector('dialog[open]')") is None
    assert page.url.partition("#")[0] == address.partition("#")[0]
    auditor.troubles.clear()


def test_the_message_box_stays_visible_above_the_keyboard(phone_page):
    auditor, values = phone_page
    auditor.page.goto(f"{auditor.url}/c/{values['town']}/")
    viewport = auditor.page.locator("meta[name=viewport]").get_attribute("content")
    assert "interactive-widget=resizes-content" in viewport, "the keyboard shrinks the page"
    auditor.page.get_by_label("Message to").tap()
    auditor.page.set_viewport_size({"width": 360, "height": 340})
    for part in (auditor.page.get_by_label("Message to"), auditor.page.get_by_role("button", name="Send")):
        expect(part).to_be_in_viewport(ratio=1)
    expect(auditor.page.get_by_role("article").last).to_be_in_viewport()


def test_the_bar_of_pages_makes_room_for_the_keyboard_and_does_not_come_back_under_a_finger(phone_page):
    auditor, _values = phone_page
    page = auditor.page
    page.goto(f"{auditor.url}/settings/profile/")
    bar = page.locator(".bottom-bar")
    height = bar.bounding_box()["height"]
    page.get_by_label("Name", exact=True).tap()
    page.get_by_label("Name", exact=True).fill("Ana of the mill")
    expect(bar).to_be_hidden()
    save = page.get_by_role("button", name="Save").first
    save.evaluate(
        "(button, height) => { button.parentElement.style.height = '2000px'; button.scrollIntoView({ block: 'end' }); }"
    )
    box = save.bounding_box()
    assert box["y"] + box["height"] > 740 - height, "it is where the bar was"
    page.touchscreen.tap(box["x"] + 5, box["y"] + box["height"] - 5)
    expect(page.get_by_role("status").get_by_text("saved")).to_be_visible()
    assert User.objects.get(username="ana").display_name == "Ana of the mill"
    expect(bar).to_be_visible()
