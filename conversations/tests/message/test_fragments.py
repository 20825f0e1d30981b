"""What was rendered is kept, and yet never out of date."""

import re

from django.test import Client
from django.utils import timezone

from accounts.models import User
from conversations.fragments import KEY_HOLE, TOKEN_HOLE, FragmentCache
from conversations.models import Message
from conversations.tests.factories import say


def test_what_is_kept_is_not_made_again_until_there_is_no_room():
    made = []

    def make(words):
        return lambda: made.append(words) or words

    kept = FragmentCache(most=10)
    for words in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
        assert kept.get(words, make(words)) == words
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"], "the one that was not asked for longest went"
    assert sum(map(len, [*kept.young, *kept.old])) <= 10


def test_a_message_is_shown_as_it_is_whatever_changes(world, as_):
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
    assert "Ana Lima" not in shown, "also where she has pinned something"
    User.objects.filter(pk=world.ben.pk).update(time_zone="Asia/Tokyo")
    hours = timezone.localtime(message.created_at).hour
    assert f"{(hours + 9) % 24:02}:{message.created_at:%M}</time>" in page()
    message.delete_by(world.ana)
    assert "other words" not in page()


def test_a_line_of_the_inbox_is_as_it_is_for_who_looks(world, as_):
    ana, ben = as_(world.ana), as_(world.ben)
    say(world.plans, world.ana, "some words")
    assert "some words" in ben.get("/").content.decode()
    assert 'class="badge"' in ben.get("/").content.decode()
    assert 'class="badge"' not in ana.get("/").content.decode(), "her own are read"
    ben.post(f"/c/{world.plans.pk}/mark-read/", {"message": Message.objects.get().pk})
    assert 'class="badge"' not in ben.get("/").content.decode()


def test_forms_that_are_kept_have_the_token_and_the_key_of_the_page_they_are_on(world):
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
