"""Languages in the browser: longer words, and those that scripts say."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Conversation
from conversations.tests.browser.site.test_pages import SOME, looking, numbers  # noqa: F401 – fixtures
from conversations.tests.factories import say

CUT = """() => [...document.querySelectorAll("main :is(h1, h2, p, button, label)")]
    .filter((each) => !each.closest(".unseen, .scroller") && each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.textContent)"""
LONG = "Żółć🎉" + "W" * 50


@pytest.mark.parametrize("width", [360, 1280])
def test_german_and_long_names_are_not_too_wide_for_any_page(looking, numbers, width):  # noqa: F811
    one = looking("ana")
    User.objects.filter(username="ana").update(language="de")
    User.objects.filter(username="ben").update(display_name=LONG)
    Conversation.objects.filter(pk=numbers["town"]).update(title=LONG)
    one.page.set_viewport_size({"width": width, "height": 740})
    for address in SOME:
        one.page.goto(one.url + address.format(**numbers))
        assert one.page.locator("html").get_attribute("lang") == "de", address
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width, address
        cut = one.page.evaluate(CUT)
        assert cut == [], address


def test_scripts_say_what_they_say_in_the_language_of_the_page(looking, numbers):  # noqa: F811
    one = looking("ana")
    ana, ben = User.objects.get(username="ana"), User.objects.get(username="ben")
    User.objects.filter(pk=ana.pk).update(language="de")
    one.page.goto(f"{one.url}/c/{numbers['town']}/")
    mine = Conversation.objects.get(pk=numbers["town"])
    say(mine, ben, "hallo")
    one.page.reload()
    one.page.get_by_role("article").last.hover()
    for name in ("Reagieren", "Antworten", "Speichern", "Mehr"):
        expect(one.page.get_by_role("toolbar").get_by_label(name, exact=True)).to_be_visible()
    expect(one.page.get_by_role("button", name="Dateien anhängen")).to_be_visible()
