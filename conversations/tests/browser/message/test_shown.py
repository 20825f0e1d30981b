"""What people typed is what others see: blanks, numbers and heaps of marks, each within its message."""

import pytest
from playwright.sync_api import expect

# The distance from the start of a message to the first letter of a list's item, which its number takes up.
ROOM_FOR_NUMBER = """(body) => {
  const range = document.createRange();
  range.selectNodeContents(body.querySelector("li"));
  return range.getClientRects()[0].left - body.getBoundingClientRect().left;
}"""
HEAP = "".join(letter + "\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a" * 2 for letter in "combinations")


@pytest.fixture
def ana(visitor):
    ana = visitor(viewport={"width": 360, "height": 740})
    ana.sign_in("ana", to="Town hall")
    return ana


def write(visitor, words, shown):
    visitor.page.get_by_label("Message to").fill(words)
    visitor.page.get_by_role("button", name="Send").click()
    expect(visitor.page.get_by_role("article").last).to_contain_text(shown)


def test_the_numbers_of_a_list_are_within_the_page(ana):
    write(ana, "123456789. first\n123456790. second", "second")
    write(ana, "1. first\n20231231. last", "last")
    for body in ana.page.locator("article .body").all():
        assert body.evaluate(ROOM_FOR_NUMBER) > 0
    wide = ana.page.locator("ol[start] >> xpath=ancestor::*[contains(@class, 'body')]")
    assert wide.evaluate(ROOM_FOR_NUMBER) > 70, "nine digits"
    assert ana.page.locator("li[value]").get_attribute("value") == "20231231"
    assert ana.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_blanks_in_code_are_shown(ana):
    write(ana, "`1  2   3    4`", "4")
    code = ana.page.locator("article .body code")
    assert code.inner_text() == "1  2   3    4"
    wide = code.bounding_box()["width"]
    code.evaluate("(code) => { code.style.whiteSpace = 'normal' }")
    assert code.bounding_box()["width"] < wide


def test_heaps_of_marks_stay_within_their_message(ana):
    page = ana.page
    ana.write("A message that nobody writes over")
    ana.write(HEAP)
    above, heap = page.locator("article .body").first, page.locator("article .body").last

    def look():
        page.mouse.move(0, 0)
        return page.screenshot(clip=above.bounding_box(), animations="disabled")

    with_heap = look()
    heap.evaluate("(body) => { body.style.overflow = 'visible' }")
    assert look() != with_heap, "it would be written over"
    heap.evaluate("(body) => { body.style.visibility = 'hidden' }")
    assert look() == with_heap


def test_wide_tables_and_long_words_stay_within_a_phone(ana):
    row = "|" + "|".join(f"column {number}" for number in range(20)) + "|"
    address = f"https://example.org/{'a' * 400}"
    write(ana, f"{row}\n{'|-' * 20}|\n{row}", "column 19")
    write(ana, "Donau" * 120, "DonauDonau")
    write(ana, address, address)
    assert ana.page.locator("article .body table").bounding_box()["width"] <= 360
    assert ana.page.evaluate("document.documentElement.scrollWidth") == 360


def test_on_a_phone_boxes_have_16_pixels_and_enter_begins_a_line(visitor):
    ana = visitor(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    ana.sign_in("ana", to="Town hall")
    box = ana.page.get_by_label("Message to")
    assert float(box.evaluate("(box) => parseFloat(getComputedStyle(box).fontSize)")) >= 16, "or the phone zooms in"
    box.fill("one")
    box.press("Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("one\ntwo")
    expect(ana.page.get_by_role("article")).to_have_count(0)


@pytest.mark.parametrize("content", ["\u2800", "\u200b\u200b"])
def test_a_message_that_nobody_could_see_is_refused(ana, content):
    ana.page.get_by_label("Message to").fill(content)
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_text("Write something first.")).to_be_visible()
    expect(ana.page.get_by_role("article")).to_have_count(0)
    ana.troubles.clear()
