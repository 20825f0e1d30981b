"""Rendered fragments are cached, and yet never out of date."""

import re
from datetime import date
from enum import Enum
from uuid import uuid4

from django.test import Client
from django.test.signals import template_rendered
from django.utils import timezone

from accounts.models import User
from chatsite.speed import fragments
from chatsite.speed.fragments import TOKEN_HOLE, FragmentCache
from conversations.forms.messages import MessageForm
from conversations.fragments.days import DayFields
from conversations.fragments.entries import EntryFields
from conversations.fragments.last_reply import LastReplyFields
from conversations.fragments.message import MessageFields, ShownMessage
from conversations.models import Message
from conversations.templatetags.fragments import KEY_HOLE, ComposerFields
from conversations.tests.factories import say


def test_the_cache_evicts_the_least_recently_used_fragments():
    made = []

    def make(words):
        return lambda: made.append(words) or words

    cache = FragmentCache(max_characters=10)
    for words in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
        assert cache.get(words, make(words)) == words
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"], "the least recently used fragment is evicted"
    assert sum(map(len, [*cache.young, *cache.old])) <= 10


def test_every_change_of_a_message_is_shown_at_once(world, as_):
    message = say(world.plans, world.ana, "first words")
    client = as_(world.ben)

    def page():
        return client.get(f"/c/{world.plans.pk}/").content.decode()

    assert "first words" in page()
    message.edit(world.ana, "other words")
    assert "other words" in page()
    message.react(world.ben, "🎉")
    assert 'data-emoji="🎉"' in page()
    message.pin(world.ana, "a good one")
    assert "a good one" in page()
    User.objects.filter(pk=world.ana.pk).update(display_name="Ana Maria")
    shown = page().partition("<main")[2]
    assert "Ana Maria" in shown
    assert "Ana Lima" not in shown, "the pin is updated as well"
    User.objects.filter(pk=world.ben.pk).update(time_zone="Asia/Tokyo")
    hours = timezone.localtime(message.created_at).hour
    assert f"{(hours + 9) % 24:02}:{message.created_at:%M}</time>" in page()
    message.delete_by(world.ana)
    assert "other words" not in page()


def test_an_inbox_entry_is_rendered_for_its_reader(world, as_):
    ana, ben = as_(world.ana), as_(world.ben)
    say(world.plans, world.ana, "some words")
    assert "some words" in ben.get("/").content.decode()
    assert '<span class="count">1<' in ben.get("/").content.decode()
    assert '<span class="count">1<' not in ana.get("/").content.decode(), "her own messages count as read"
    ben.post(f"/c/{world.plans.pk}/mark-read/", {"message": Message.objects.get().pk})
    assert '<span class="count">1<' not in ben.get("/").content.decode()


def test_cached_forms_get_the_csrf_token_and_key_of_each_page(world):
    address = f"/c/{world.plans.pk}/"
    tokens, keys = set(), set()
    for person in (world.ana, world.ben, world.ana):
        client = Client(enforce_csrf_checks=True)
        client.force_login(person)
        page = client.get(address).content.decode()
        assert TOKEN_HOLE not in page
        assert KEY_HOLE not in page
        assert f'<message-composer data-person="{person.pk}"' in page
        assert f'<message-actions data-person="{person.pk}"' in page
        [token], [key] = (
            set(re.findall(f'name="{name}" value="([^"]+)"', page)) for name in ("csrfmiddlewaretoken", "client_key")
        )
        form = {"content": f"from {person.username}", "client_key": key, "csrfmiddlewaretoken": token}
        assert client.post(f"{address}messages/", form).status_code == 302
        tokens.add(token)
        keys.add(key)
    assert len(tokens) == len(keys) == 3


FIELDS = {
    "message/_message.html": MessageFields,
    "message/_last_reply.html": LastReplyFields,
    "day/_day.html": DayFields,
    "inbox/_entry.html": EntryFields,
    "inbox/_row.html": EntryFields,
    "composer/_composer.html": ComposerFields,
}
PLAIN = (str, int, float, bool, date, dict, list, tuple, Enum, type(None), MessageForm)


def rendered(client, *addresses):
    """List each template that these pages render, with its context, starting from an empty cache."""
    found = []

    def note(sender, template, context, **_):
        found.append((template.name, {name: value for layer in context.dicts for name, value in layer.items()}))

    template_rendered.connect(note)
    try:
        for address in addresses:
            assert client.get(address).status_code == 200
    finally:
        template_rendered.disconnect(note)
    return found


def everything_in(value):
    yield value
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, list | tuple | type({}.values())):
        for each in value:
            yield from everything_in(each)


def test_fragment_templates_use_only_the_fields_of_their_key(world, as_, monkeypatch):
    monkeypatch.setattr(fragments, "cache", FragmentCache(fragments.MAX_CACHED_CHARACTERS))
    message = say(world.plans, world.ana, "first words")
    answer = world.plans.post(world.ben, "an answer", uuid4(), reply_to=message)
    message.react(world.ben, "🎉")
    answer.pin(world.ana, "a good one")
    found = rendered(as_(world.ben), "/", f"/c/{world.plans.pk}/", f"/m/{message.pk}/thread/")
    assert {name for name, _ in found} >= FIELDS.keys()
    for name, context in found:
        if name in FIELDS:
            given = context.keys() - fragments.HOLES.keys() - {"True", "False", "None", "block"}
            assert given == set(FIELDS[name]._fields), name
            values = [each for field in given for each in everything_in(context[field])]
            assert all(isinstance(each, PLAIN) for each in values), (
                f"{name} could read more from a row than its key contains"
            )


def test_every_field_is_part_of_the_cache_key():
    shown = ShownMessage(1, 2, None, timezone.now(), None, False, "<p>a</p>", "", *[None] * 6, 0, *[None] * 5)
    others = {field: object() for field in ShownMessage._fields}
    keys = [shown._replace(**{field: value}) for field, value in others.items() if field not in ("pk", "revision")]
    assert all(hash(key) == hash(shown) and key != shown for key in keys)
    assert len({shown, *keys}) == len(ShownMessage._fields) - 1
