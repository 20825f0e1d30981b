"""The exact number of statements of each page and each verb: a change has to be intended."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.tests.factories import say

CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
KEY = str(UUID(int=7))
PAGES = {
    "/": 3,
    "/drafts/": 3,
    "/sidebar/direct/": 2,
    "/c/{conversation}/menu/": 2,
    "/c/{conversation}/": 5,
    "/c/{conversation}/?before={cursor}": 5,
    "/c/{conversation}/piece/?before={cursor}": 4,
    "/c/{conversation}/?unread": 2,
    "/c/{conversation}/?at={message}": 8,
    "/m/{message}/thread/": 6,
    "/threads/": 7,
    "/c/{conversation}/changes/?after={revision}": 2,
    "/c/{conversation}/changes/?after=0": 4,
    "/c/{conversation}/2026-01-02/": 6,
    "/c/{conversation}/members/": 8,
    "/c/{conversation}/settings/": 4,
    "/c/{conversation}/pins/": 5,
    "/c/browse/": 3,
    "/c/new/": 3,
    "/search/": 3,
    "/search/?q=words": 15,
    "/search/completions/?q=from:": 2,
    "/mentions/": 3,
    "/saved/": 3,
    "/trash/": 3,
    "/people/": 3,
    "/people/ben/": 4,
    "/reports/activity/": 4,
    "/reports/silent/": 4,
    "/settings/profile/": 2,
    "/events/?conversation={conversation}": 2,
    "/healthz": 0,
}
VERBS = {
    "/c/{conversation}/messages/": ({"content": "words", "client_key": KEY}, 4),
    "/m/{message}/edit/": ({"content": "other words"}, 12),
    "/m/{message}/delete/": ({}, 8),
    "/m/{gone}/restore/": ({}, 10),
    "/m/{message}/reactions/": ({"emoji": "🎉"}, 9),
    "/m/{message}/pin/": ({"reason": "good"}, 10),
    "/m/{pinned}/unpin/": ({}, 8),
    "/m/{message}/save/": ({}, 5),
    "/m/{message}/mark-unread/": ({}, 7),
    "/c/{conversation}/mark-read/": ({"message": "{message}"}, 8),
    "/m/{message}/thread/follow/": ({}, 6),
    "/c/{conversation}/draft/": ({"words": "some", "client_key": KEY}, 6),
    "/c/{conversation}/preview/": ({"content": "**words**", "client_key": KEY}, 7),
    "/c/{conversation}/draft/discard/": ({}, 4),
    "/c/{conversation}/favour/": ({}, 4),
    "/c/{conversation}/unfavour/": ({}, 4),
    "/c/{conversation}/notify/": ({"notify": "nothing"}, 4),
    "/c/{conversation}/leave/": ({}, 10),
    "/c/{other}/join/": ({}, 13),  # two of them to say who joined
    "/c/new/": ({"kind": "open", "title": "Another"}, 10),
}


@pytest.fixture
def values(world):
    """The values in the addresses: a message with a reply, a deleted one, a pinned one, and others."""
    message = say(world.town, world.ana, "first words")
    world.town.post(world.ben, "an answer", uuid4(), reply_to=message)
    gone, pinned = say(world.town, world.ana, "gone"), say(world.town, world.ana, "pinned")
    gone.delete_by(world.ana)
    pinned.pin(world.ana)
    pinned.react(world.ben, "🎉")
    world.town.refresh_from_db()
    world.other = type(world.town).objects.create(title="Another place", kind="open")
    return {
        "conversation": world.town.pk,
        "other": world.other.pk,
        "message": message.pk,
        "gone": gone.pk,
        "pinned": pinned.pk,
        "cursor": pinned.cursor,
        "revision": world.town.revision,
    }


def counted(client, method, address, form=None):
    client.get("/offline/")  # so that the measured requests do not update the last visit
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(
            address, form or {}, headers={"X-Requested-With": "fetch"} if form is None else {}
        )
    assert answer.status_code < 400, answer.content
    return len([each for each in queries if not each["sql"].startswith(CONTROL)])


@pytest.mark.parametrize("address", PAGES)
def test_each_page_makes_exactly_its_number_of_statements(world, values, as_, address):
    assert counted(as_(world.ana), "get", address.format(**values)) == PAGES[address]


@pytest.mark.parametrize("address", VERBS)
def test_each_verb_makes_exactly_its_number_of_statements(world, values, as_, address):
    form, count = VERBS[address]
    form = {name: value.format(**values) for name, value in form.items()}
    assert counted(as_(world.ana), "post", address.format(**values), form) == count
