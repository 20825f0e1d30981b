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
