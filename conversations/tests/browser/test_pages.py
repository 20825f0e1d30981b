"""Every page, looked at by a machine: nothing for a screen reader to stumble over, nothing wider than the screen."""

from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from accounts.models import User
from conversations.models import Attachment, Conversation, Message
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.pictures import picture, upload

EVERYTHING = (
    "# Heading\n*a* **b** `c` https://example.org/"
    + "long" * 40
    + "\n\n```python\ndef f():\n    return 'x'  # why\n```\n"
    "> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two"
)
PAGES = [
    *("/", "/c/new/", "/c/browse/", "/reports/activity/", "/reports/silent/", "/settings/profile/", "/c/{town}/days/"),
    *("/c/{town}/", "/c/{town}/members/", "/c/{empty}/", "/c/{archived}/", "/c/{foreign}/", "/no/such/page/"),
    *("/?show=unread", "/?show=mentions", "/?show=direct", "/?show=archived", "/go/", "/go/?q=b", "/help/keys/"),
    *("/search/", "/search/?q=heading", "/search/?q=nothing+like+it", "/search/?after=no+day"),
]


@pytest.fixture
def places(visitor):
    """A site with something in it, and somebody who looks at it."""
    one = visitor()
    one.sign_up("ana")
    ana, ben = User.objects.get(), User.objects.create(username="ben", email="ben@example.org", display_name="B" * 50)
    User.objects.filter(pk=ben.pk).update(created_at="2020-01-01T00:00Z")
    town = ConversationFactory(title="Town hall", topic="All " * 20, members=[ana, ben])
    say(town, ben, EVERYTHING, "x" * 300)
    files = [Attachment.objects.keep(upload(*file)) for file in ((picture(), "a.jpg"), (b"x", "x" * 250 + ".txt"))]
    Message.objects.post(town, ben, "", uuid4(), attachments=files)
    say(Conversation.objects.direct(ana, [ben]), ben, "psst")
    ConversationFactory(title="P" * 60, kind="private", members=[ana])
    empty = ConversationFactory(members=[ana])
    archived = ConversationFactory(members=[ana], archived_at=timezone.now())
    return one, {"town": town.pk, "empty": empty.pk, "archived": archived.pk, "foreign": ConversationFactory().pk}


def trouble(page):
    violations = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_is_a_barrier_or_too_wide(places, width, scheme):
    one, numbers = places
    one.page.emulate_media(color_scheme=scheme)
    one.page.set_viewport_size({"width": width, "height": 740})
    for address in PAGES:
        one.page.goto(one.url + address.format(**numbers))
        assert trouble(one.page) == [], address
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert one.page.locator("h1").count() == 1, address
    one.troubles.clear()  # the status 404, and styles that axe itself tries


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/"])
def test_the_way_in_is_no_barrier(visitor, address):
    one = visitor()
    one.page.goto(one.url + address)
    assert trouble(one.page) == []
    one.troubles.clear()  # styles that axe itself tries


MORE_PAGES = [
    *("/people/", "/people/ben/", "/c/{town}/settings/", "/c/{town}/pins/", "/saved/", "/mentions/", "/deleted/"),
    *("/deleted/people/", "/deleted/conversations/", "/invitations/", "/settings/place/", "/settings/audit/"),
    *("/accounts/2fa/", "/accounts/devices/", "/accounts/email/", "/accounts/password/change/", "/c/{town}/kind/"),
]
TOO_SMALL = """
    least => [...document.querySelectorAll("button, .button, summary, input, select, textarea, nav a, .reaction")]
        .filter(each => each.checkVisibility() && !each.closest(".unseen, p, table, .ends"))
        .filter(each => !each.matches(".link, [type=checkbox], [type=radio], [type=hidden]"))
        .map(each => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < least - 0.5 || box.width < Math.min(least, 24)))
        .map(([words, box]) => [words, box.width, box.height])
"""


TOO_WIDE = """
    () => [document.documentElement, ...document.querySelectorAll("body *:not(pre, table, .chart > div, textarea)")]
        .filter(each => each.scrollWidth > each.clientWidth + 1)
        .filter(each => each.matches("html") || /auto|scroll/.test(getComputedStyle(each).overflowX))
        .map(each => each.outerHTML.slice(0, 120))
"""


def test_a_page_enlarged_four_times_or_with_words_twice_as_large_is_not_wider_than_the_screen(places):
    one, numbers = places
    found = []
    for width, zoom in ((320, "100%"), (1280, "200%")):
        one.page.set_viewport_size({"width": width, "height": 700})
        for address in PAGES + MORE_PAGES:
            one.page.goto(one.url + address.format(**numbers))
            one.page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", zoom)
            found += [(address, zoom, wide) for wide in one.page.evaluate(TOO_WIDE)]
    one.troubles.clear()  # the status 404
    assert found == []


@pytest.mark.parametrize(("options", "least"), [({"has_touch": True, "is_mobile": True}, 44), ({}, 24)])
def test_what_one_presses_is_large_enough(places, new_context, options, least):
    one, numbers = places
    page = new_context(
        viewport={"width": 360, "height": 740}, storage_state=one.page.context.storage_state(), **options
    ).new_page()
    for address in PAGES + MORE_PAGES:
        page.goto(one.url + address.format(**numbers))
        assert page.evaluate(TOO_SMALL, least) == [], address
    page.context.close()
