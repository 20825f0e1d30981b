"""On a phone: one column, fingers find everything, and the box stays in sight above the keyboard."""

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.audit import barriers
from conversations.tests.browser.site.test_pages import looking, numbers  # noqa: F401 – fixtures

FINGER = 44
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# What one touches, by how far from its middle it still is what is touched. Words in a text are as high as their line.
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
def places(looking, numbers):  # noqa: F811
    return looking("ana", **PHONE), numbers


def test_fingers_find_everything(places):
    one, there = places
    for address in ("/", "/c/{town}/", "/search/?q=heading", "/settings/profile/", "/c/{town}/members/", "/people/"):
        one.page.goto(one.url + address.format(**there))
        assert one.page.evaluate(SMALL, FINGER) == [], address
        assert one.page.evaluate("document.documentElement.scrollWidth") <= 360, address
    one.troubles.clear()


def test_what_one_does_with_a_message_is_reached_by_tapping(places):
    one, there = places
    one.page.goto(f"{one.url}/c/{there['town']}/")
    article = one.page.get_by_role("article").nth(1)
    article.locator(".body").tap()
    expect(article.get_by_role("button", name="Reply")).to_be_visible()
    assert one.page.evaluate(SMALL, FINGER) == []
    article.get_by_role("button", name="React").tap()
    article.get_by_role("button", name="🎉").tap()
    expect(article.locator(".reaction")).to_contain_text("🎉")
    assert one.page.evaluate(SMALL, FINGER) == []
    assert barriers(one.page) == []
    article.locator(".body").tap()
    article.get_by_role("button", name="Reply").tap()
    expect(one.page.locator(".replying-to")).to_contain_text("B" * 50)
    one.troubles.clear()  # styles that axe itself tries


def test_the_box_stays_in_sight_above_the_keyboard(places):
    one, there = places
    one.page.goto(f"{one.url}/c/{there['town']}/")
    viewport = one.page.locator("meta[name=viewport]").get_attribute("content")
    assert "interactive-widget=resizes-content" in viewport, "the keyboard takes its room from the page"
    one.page.get_by_label("Message to").tap()
    one.page.set_viewport_size({"width": 360, "height": 340})
    for part in (one.page.get_by_label("Message to"), one.page.get_by_role("button", name="Send")):
        expect(part).to_be_in_viewport(ratio=1)
    expect(one.page.get_by_role("article").last).to_be_in_viewport()
