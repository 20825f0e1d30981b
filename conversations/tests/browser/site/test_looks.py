"""How pages look: light, dark and high contrast, on paper, from right to left, and with forced colours."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory, say

WHITE, BLACK, NEARLY_BLACK = "rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(25, 26, 27)"
SHEETS = """
    () => performance.getEntriesByType("resource").filter(each => each.name.endsWith(".css"))
        .map(each => [each.name.match(/\\w+(?=[.\\w]*\\.css)/)[0], each.renderBlockingStatus])
"""

# The space before and after the text of a paragraph.
ROOM = """
    paragraph => {
      const words = document.createRange(), box = paragraph.getBoundingClientRect();
      words.selectNodeContents(paragraph);
      return [words.getBoundingClientRect().left - box.left, box.right - words.getBoundingClientRect().right];
    }
"""


@pytest.fixture
def town(visitor):
    """A reader of a conversation with a link in it."""
    reader = visitor()
    reader.sign_in("ana")
    ana, ben = User.objects.get(), User.objects.create(username="ben", email="ben@example.org", display_name="Ben")
    say(
        conversation := ConversationFactory(title="Town hall", members=[ana, ben]),
        ben,
        "see [this](https://example.org/x)",
    )
    reader.address = f"{reader.url}/c/{conversation.pk}/"
    reader.page.goto(reader.address)
    return reader


def background(reader):
    return reader.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


@pytest.mark.parametrize(
    ("theme", "scheme", "contrast", "colour"),
    [
        ("", "light", "no-preference", WHITE),
        ("", "dark", "no-preference", NEARLY_BLACK),
        ("", "light", "more", WHITE),
        ("", "dark", "more", BLACK),
        ("light", "dark", "no-preference", WHITE),
        ("light", "dark", "more", WHITE),
        ("dark", "light", "no-preference", NEARLY_BLACK),
        ("dark", "light", "more", BLACK),
        ("contrast", "light", "no-preference", WHITE),
        ("contrast", "dark", "no-preference", BLACK),
    ],
)
def test_the_theme_follows_the_setting_or_the_system_at_once(town, theme, scheme, contrast, colour):
    User.objects.filter(username="ana").update(theme=theme)
    town.page.emulate_media(color_scheme=scheme, contrast=contrast)
    town.page.goto(town.address)
    assert background(town) == colour
    line = town.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--line')")
    is_full = theme == "contrast" or contrast == "more"
    assert (line in ("#000", "#fff")) == is_full
    needed = {"chatsite": True, "dark": colour != WHITE, "contrast": is_full}
    waited_for = {name for name, blocking in town.page.evaluate(SHEETS) if blocking == "blocking"}
    assert waited_for & {*needed} == {name for name, is_needed in needed.items() if is_needed}


def test_a_conversation_is_printed_black_on_white_without_controls(town):
    User.objects.filter(username="ana").update(theme="dark")
    town.page.goto(town.address)
    town.page.emulate_media(media="print")
    assert background(town) == WHITE
    expect(town.page.get_by_role("article")).to_be_visible()
    for part in ("header.side", ".foot", ".menu", ".tools"):
        expect(town.page.locator(part).first).to_be_hidden()
    written = town.page.evaluate("getComputedStyle(document.querySelector('.body a'), '::after').content")
    assert "https://example.org/x" in written or "attr(href)" in written
    assert town.page.evaluate("getComputedStyle(document.querySelector('.scroller')).overflow") == "visible"


def test_the_layout_is_mirrored_from_right_to_left(town):
    town.page.evaluate("document.documentElement.dir = 'rtl'")
    side, main = (town.page.locator(part).bounding_box() for part in (".side", "main"))
    assert side["x"] >= main["x"] + main["width"]
    picture, words = (town.page.locator(f"article {part}").bounding_box() for part in (".avatar", ".body"))
    assert picture["x"] >= words["x"] + words["width"]
    plus, send = (town.page.get_by_role("button", name=name).bounding_box() for name in ("Attach files", "Send"))
    assert send["x"] < plus["x"]
    for width in (1280, 360):
        town.page.set_viewport_size({"width": width, "height": 700})
        assert town.page.evaluate("document.documentElement.scrollWidth") <= width
        assert town.page.evaluate("document.scrollingElement.scrollLeft") == 0


def test_paragraphs_follow_the_direction_of_their_text(town):
    conversation, ben = Conversation.objects.get(), User.objects.get(username="ben")
    say(conversation, ben, "hello to all who are here\n\nأهلا")
    arabic, english = town.page.locator(".body p", has_text="أهلا"), town.page.locator(".body p", has_text="hello")
    expect(arabic).to_be_visible()
    ends = {paragraph: paragraph.evaluate(ROOM) for paragraph in (arabic, english)}
    assert ends[arabic][1] < 1, "the Arabic paragraph starts at the right"
    assert ends[english][0] < 1, "the English paragraph starts at the left"


def test_selection_and_focus_are_visible_with_forced_colours(town):
    town.page.emulate_media(forced_colors="active")
    chosen, ground_colour = town.page.locator(".sections [aria-current]"), background(town)
    assert chosen.evaluate("each => getComputedStyle(each).outlineColor") != ground_colour
    town.page.keyboard.press("Tab")
    link = town.page.locator(".sections a[data-entry]")
    link.focus()
    assert link.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    box = town.page.get_by_label("Message to")
    box.focus()
    assert box.evaluate("each => getComputedStyle(each.closest('.box')).outlineStyle") == "solid"
