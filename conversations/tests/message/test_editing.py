"""Editing a message, and its edit history."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import Membership
from conversations.models.conversation.membership import MemberRole
from conversations.tests.factories import say
from conversations.text import markdown


def edit(client, message, content):
    return client.post(f"/m/{message.pk}/edit/", {"content": content})


def test_an_edit_is_rendered_before_the_conversation_is_locked(world, as_, monkeypatch):
    message, render = say(world.plans, world.ana, "first"), markdown.render
    locked = []

    def render_and_look(source, names=frozenset()):
        locked.append(any(query["sql"].startswith("UPDATE conversations") for query in queries.captured_queries))
        return render(source, names)

    monkeypatch.setattr(markdown, "render", render_and_look)
    with CaptureQueriesContext(connection) as queries:
        edit(as_(world.ana), message, "second for @ben")
    assert any(query["sql"].startswith("UPDATE conversations") for query in queries), (
        "the edit does lock the conversation"
    )
    assert locked == [False]
    assert "@ben</a>" in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()


def test_earlier_texts_are_shown_as_they_were_rendered_then(world, as_, monkeypatch):
    message = say(world.plans, world.ana, "*first* for @ben")
    edit(as_(world.ana), message, "**second**")
    edit(as_(world.ana), message, "third")
    monkeypatch.setattr(markdown, "render", lambda *_: pytest.fail("nothing should be rendered again"))
    page = as_(world.ben).get(f"/m/{message.pk}/history/").content.decode()
    assert page.index("<em>first</em> for <a") < page.index("<strong>second</strong>") < page.index("<p>third</p>")


def test_a_long_edit_history_is_paginated(world, as_):
    message, client, shown = say(world.plans, world.ana, "text 0"), as_(world.ben), []
    for number in range(1, 46):
        message.edit(world.ana, f"text {number}")
    client.get("/")  # updates the last visit
    address, counts = f"/m/{message.pk}/history/", set()
    while address:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).content.decode()
        counts.add(len(queries))
        shown.append([int(number) for number in re.findall(r"<p>text (\d+)</p>", page)])
        link = re.search(r'href="(\?earlier=[^"]+)">Earlier', page)
        address = link and f"/m/{message.pk}/history/{link[1]}"
    assert shown == [list(range(25, 46)), list(range(5, 25)), list(range(5))]
    assert len(counts) == 1
    assert client.get(f"/m/{message.pk}/history/?earlier=nonsense").status_code == 404


@pytest.mark.parametrize("change", ["reader", "left", "archived"])
def test_an_author_who_may_no_longer_write_can_delete_but_not_edit(world, as_, change):
    message, client = say(world.town, world.ana, "first"), as_(world.ana)
    chosen, path = f"/c/{world.town.pk}/?at={message.pk}", f"/m/{message.pk}/edit/"
    assert path in client.get(chosen).content.decode()
    if change == "reader":
        Membership.objects.filter(conversation=world.town, user=world.ana).update(role=MemberRole.READER)
    elif change == "left":
        world.town.leave(world.ana)
    else:
        world.town.row().update(archived_at=timezone.now())
    assert path not in client.get(chosen).content.decode()
    assert client.get(path).status_code == 403
    assert edit(client, message, "second for @ben").status_code == 403
    with pytest.raises(PermissionDenied):
        message.edit(world.ana, "second for @ben")
    message.refresh_from_db()
    assert (message.content, message.mentions.count()) == ("first", 0)
    assert client.post(f"/m/{message.pk}/delete/").status_code == 302
    assert not world.town.messages.not_deleted().filter(user=world.ana, is_system=False).exists()
