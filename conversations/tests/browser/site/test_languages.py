"""Languages in the browser: longer words, and texts shown by scripts."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Conversation
from conversations.tests.browser.site.test_pages import SOME, auditor_of, numbers  # noqa: F401 – fixtures
from conversations.tests.factories import say

CUT = """() => [...document.querySelectorAll("main :is(h1, h2, p, button, label)")]
    .filter((each) => !each.closest(".unseen, .scroller") && each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.textContent)"""
LONG = "Żółć🎉" + "W" * 50


@pytest.mark.parametrize("width", [360, 1280])
def test_german_text_and_long_names_fit_every_page(auditor_of, numbers, width):  # noqa: F811
    auditor = auditor_of("ana")
    User.objects.filter(username="ana").update(language="de")
    User.objects.filter(username="ben").update(display_name=LONG)
    Conversation.objects.filter(pk=numbers["town"]).update(title=LONG)
    auditor.page.set_viewport_size({"width": width, "height": 740})
    for address in SOME:
        auditor.page.goto(auditor.url + address.format(**numbers))
        assert auditor.page.locator("html").get_attribute("lang") == "de", address
        assert auditor.page.evaluate("document.documentElement.scrollWidth") <= width, address
        cut = auditor.page.evaluate(CUT)
        assert cut == [], address


def test_scripts_use_the_language_of_the_page(auditor_of, numbers):  # noqa: F811
    auditor = auditor_of("ana")
    ana, ben = User.objects.get(username="ana"), User.objects.get(username="ben")
    User.objects.filter(pk=ana.pk).update(language="de")
    auditor.page.goto(f"{auditor.url}/c/{numbers['town']}/")
    town = Conversation.objects.get(pk=numbers["town"])
    say(town, ben, "hallo")
    auditor.page.reload()
    auditor.page.get_by_role("article").last.hover()
    for name in ("Reagieren", "Antworten", "Speichern", "Weitere Aktionen"):
        expect(auditor.page.get_by_role("toolbar").get_by_label(name, exact=True).first).to_be_visible()
    expect(auditor.page.get_by_role("button", name="Dateien anhängen")).to_be_visible()
