"""On a phone: one column, large touch targets, and a message box that stays visible above the keyboard."""

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.audit import barriers
from conversations.tests.browser.site.test_pages import auditor_of, numbers  # noqa: F401 – fixtures

FINGER = 44
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# Finds touch targets that are too small, by hit tests up and down from their middle. Links in text are exempt.
SMALL = """(finger) => {
  const found = [];
  const all = "a, button, summary, textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])";
  const inText = ".body, .help, .unseen, .skip, .replied-to, .page > p";
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


def test_message_actions_are_reached_by_tapping(phone_page):
    auditor, values = phone_page
    auditor.page.goto(f"{auditor.url}/c/{values['town']}/")
    article = auditor.page.get_by_role("article").nth(1)
    article.locator(".body").tap()
    expect(article.get_by_role("button", name="Reply")).to_be_visible()
    assert auditor.page.evaluate(SMALL, FINGER) == []
    article.get_by_role("button", name="React").tap()
    article.get_by_role("button", name="🎉").tap()
    expect(article.locator(".reaction")).to_contain_text("🎉")
    assert auditor.page.evaluate(SMALL, FINGER) == []
    assert barriers(auditor.page) == []
    article.locator(".body").tap()
    article.get_by_role("button", name="Reply").tap()
    expect(auditor.page.locator(".replying-to")).to_contain_text("B" * 50)
    auditor.troubles.clear()  # axe tries out styles


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
