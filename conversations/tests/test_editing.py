"""Editing a message, and what it said before."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import markdown
from conversations.tests.factories import say


def edit(client, message, content):
    return client.post(f"/m/{message.pk}/edit/", {"content": content})


def test_nobody_waits_for_the_words_of_an_edit_to_be_rendered(world, as_, monkeypatch):
    message, render = say(world.plans, world.ana, "first"), markdown.render
    locked = []

    def render_and_look(source, names=frozenset()):
        locked.append(any(query["sql"].startswith("UPDATE conversations") for query in queries.captured_queries))
        return render(source, names)

    monkeypatch.setattr(markdown, "render", render_and_look)
    with CaptureQueriesContext(connection) as queries:
        edit(as_(world.ana), message, "second for @ben")
    assert any(query["sql"].startswith("UPDATE conversations") for query in queries), "it does lock"
    assert locked == [False]
    assert "@ben</a>" in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
