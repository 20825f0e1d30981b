"""Unread messages: links in the sidebar and the inbox lead to the first one."""

import re

import pytest

from conversations.models import Message
from conversations.tests.factories import say


def link_to(page, conversation):
    return re.search(rf'href="(/c/{conversation.pk}/[^"]*)" data-entry', page.content.decode())[1]


def ids(page):
    return [int(pk) for pk in re.findall(r'<article id="m(\d+)"', page.content.decode())]


def test_few_unread_messages_are_on_the_last_page(world, as_):
    say(world.town, world.ben, "read")
    world.town.mark_read(world.ana, say(world.town, world.ben, "read too"))
    say(world.town, world.ben, *(f"unread {number}" for number in range(20)))
    client = as_(world.ana)
    assert link_to(client.get("/"), world.town) == f"/c/{world.town.pk}/#new"
    page = client.get(f"/c/{world.town.pk}/").content.decode()
    assert 'id="new"' in page
    assert "unread-bar" not in page, "the line says the same"


def test_more_unread_messages_begin_at_the_first_in_the_sidebar_and_inbox(world, as_):
    world.town.mark_read(world.ana, say(world.town, world.ben, "read"))
    say(world.town, world.ben, *(f"unread {number}" for number in range(60)))
    first = Message.objects.get(content="unread 0")
    client = as_(world.ana)
    for address in ("/", "/help/"):
        assert link_to(client.get(address), world.town) == f"/c/{world.town.pk}/?unread"
    shown = client.get(f"/c/{world.town.pk}/?unread", follow=True)
    assert shown.redirect_chain == [(f"/c/{world.town.pk}/?at={first.pk}&new={first.pk}#new", 302)]
    assert first.pk in ids(shown)
    assert shown.context["selected"] is None, "it is a place, not a message to act on"
    last = ids(shown)[-1]
    assert f'name="message" value="{last}"' in shown.content.decode(), "the button marks only what is shown as read"
    client.post(f"/c/{world.town.pk}/mark-read/", {"message": last})
    assert f"<title>({60 - (last - first.pk + 1)}) " in client.get("/").content.decode()


@pytest.mark.parametrize("notify", ["mentions", "nothing"])
def test_those_who_count_less_begin_at_the_first_unread_message_too(world, as_, notify):
    world.town.mark_read(world.ana, say(world.town, world.ben, "read"))
    world.town.memberships.filter(user=world.ana).update(notify=notify)
    say(world.town, world.ben, "@ana first", *(f"unread {number}" for number in range(40)))
    link = link_to(as_(world.ana).get("/"), world.town)
    assert link == f"/c/{world.town.pk}/" + ("?unread" if notify == "mentions" else "")


def test_those_who_watch_begin_at_the_first_unread_message_of_the_page(world, as_):
    world.town.set_notify(world.ana, "watch")
    say(world.town, world.ben, "unread")
    assert link_to(as_(world.ana).get("/"), world.town) == f"/c/{world.town.pk}/#new"


def test_nothing_unread_leads_to_the_last_page(world, as_):
    world.town.mark_read(world.ana, say(world.town, world.ben, "read"))
    assert as_(world.ana).get(f"/c/{world.town.pk}/?unread")["Location"] == f"/c/{world.town.pk}/"


def test_a_piece_has_only_messages_around_the_edge_of_a_page(world, as_):
    say(world.town, world.ben, *(f"message {number}" for number in range(100)))
    client = as_(world.ana)
    page = client.get(f"/c/{world.town.pk}/")
    older = client.get(f"/c/{world.town.pk}/piece/?before={page.context['page'].older}&new={ids(page)[0] - 5}")
    assert len(ids(older)) == 40
    assert ids(older)[-1] + 1 == ids(page)[0]
    assert 'id="new"' in older.content.decode()
    assert "<form" not in older.content.decode()
    newer = client.get(f"/c/{world.town.pk}/piece/?after={older.context['page'].newer}")
    assert ids(newer) == ids(page)
    assert ids(client.get(f"/c/{world.town.pk}/piece/")) == ids(older)[20:] + ids(page)
