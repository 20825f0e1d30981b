"""How many statements each page and each verb may make: a new one more has to be wanted."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.models import Message, Pin, Reaction
from conversations.tests.factories import say

CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
KEY = str(UUID(int=7))
PAGES = {
    "/": 3,
    "/c/{place}/": 6,
    "/c/{place}/?before={cursor}": 6,
    "/c/{place}/?at={message}": 9,
    "/m/{message}/thread/": 10,
    "/c/{place}/changes/?after={revision}": 3,
    "/c/{place}/changes/?after=0": 5,
    "/c/{place}/2026-01-02/": 7,
    "/c/{place}/members/": 10,
    "/c/{place}/settings/": 7,
    "/c/{place}/pins/": 6,
    "/c/browse/": 4,
    "/c/new/": 4,
    "/search/": 4,
    "/search/?q=words": 15,
    "/search/completions/?q=from:": 3,
    "/mentions/": 4,
    "/saved/": 4,
    "/deleted/": 4,
    "/people/": 4,
    "/people/ben/": 5,
    "/reports/activity/": 4,
    "/reports/silent/": 4,
    "/settings/profile/": 3,
    "/events/?conversation={place}": 3,
    "/healthz": 2,
}
VERBS = {
    "/c/{place}/messages/": ({"content": "words", "client_key": KEY}, 5),
    "/m/{message}/edit/": ({"content": "other words"}, 13),
    "/m/{message}/delete/": ({}, 9),
    "/m/{gone}/restore/": ({}, 10),
    "/m/{message}/reactions/": ({"emoji": "🎉"}, 10),
    "/m/{message}/pin/": ({"reason": "good"}, 11),
    "/m/{pinned}/unpin/": ({}, 9),
    "/m/{message}/save/": ({}, 6),
    "/m/{message}/unread/": ({}, 8),
    "/c/{place}/read/": ({"message": "{message}"}, 7),
    "/c/{place}/draft/": ({"words": "some", "client_key": KEY}, 7),
    "/c/{place}/preview/": ({"content": "**words**", "client_key": KEY}, 7),
    "/c/{place}/notify/": ({"notify": "nothing"}, 5),
    "/c/{place}/leave/": ({}, 11),
    "/c/{other}/join/": ({}, 11),
    "/c/new/": ({"kind": "open", "title": "Another"}, 10),
}


@pytest.fixture
def there(world):
    """What the addresses are of: Ana's message that was answered, one she deleted, and one that is pinned."""
    message = say(world.town, world.ana, "first words")
    Message.objects.post(world.town, world.ben, "an answer", uuid4(), message)
    gone, pinned = say(world.town, world.ana, "gone"), say(world.town, world.ana, "pinned")
    gone.delete_by(world.ana)
    Pin.objects.pin(world.ana, pinned)
    Reaction.objects.react(world.ben, pinned, "🎉")
    world.town.refresh_from_db()
    world.other = type(world.town).objects.create(title="Another place", kind="open")
    return {
        "place": world.town.pk,
        "other": world.other.pk,
        "message": message.pk,
        "gone": gone.pk,
        "pinned": pinned.pk,
        "cursor": pinned.cursor,
        "revision": world.town.revision,
    }


def counted(client, method, address, form=None):
    client.get("/healthz")  # every few minutes a request also notes that the visit goes on
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(
            address, form or {}, headers={"X-Requested-With": "fetch"} if form is None else {}
        )
    assert answer.status_code < 400, answer.content
    return len([each for each in queries if not each["sql"].startswith(CONTROL)])


@pytest.mark.parametrize("address", PAGES)
def test_a_page_makes_no_more_statements_than_it_may(world, there, as_, address):
    assert counted(as_(world.ana), "get", address.format(**there)) == PAGES[address]


@pytest.mark.parametrize("address", VERBS)
def test_a_verb_makes_no_more_statements_than_it_may(world, there, as_, address):
    form, most = VERBS[address]
    form = {name: value.format(**there) for name, value in form.items()}
    assert counted(as_(world.ana), "post", address.format(**there), form) == most
