"""History from joining: new members of a private conversation reach nothing that was posted before, by any door."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import NotAllowed
from accounts.models.locale import Locale
from conversations.live.rendering import read_changes, render_entries
from conversations.live.subscription import Perspective
from conversations.models import Attachment, Conversation, Mention, Message
from conversations.models.access import readers_of, visible_pairs
from conversations.models.conversation.visibility import Reach, ReachHasGrown
from conversations.models.message.extras import seen_since
from conversations.models.message.posting import ReplyTargetGone
from conversations.tests.factories import say
from conversations.tests.message.pictures import picture, upload
from conversations.text.cursors import EPOCH, Cursor

WORD = "antediluvian"  # in everything that was posted before Olga joined
ENGLISH = Locale("en", "UTC")
# Pages that show the word to Ben, and must not to Olga.
SHOWN = [
    "/",
    "/?filter=unread",
    "/c/{garden}/",
    "/c/{garden}/?after={before}",
    "/c/{garden}/?before={cursor}",
    "/c/{garden}/{day}/",
    "/c/{garden}/pins/",
    "/c/{garden}/files/",
    "/c/{garden}/changes/?after=0",
    "/search/?q={word}",
    "/search/?q={word}&order=best",
    "/search/?q={word}+in:Garden",
    "/saved/",
    "/mentions/",
    "/m/{reply}/thread/",
    "/c/{garden}/?at={reply}",
    "/quick-switcher/",
    "/trash/",
]
# Pages of what was posted before, which don't exist for Olga.
HIDDEN = [
    "/c/{garden}/?at={ancient}",
    "/m/{ancient}/",
    "/m/{ancient}/history/",
    "/m/{ancient}/reactions/",
    "/m/{ancient}/thread/",
    "/m/{ancient}/reply/",
    "/m/{ancient}/around/",
    "/m/{ancient}/pin/",
    "/files/{file}/",
    "/files/{file}/small/",
    "/files/{file}/large/",
    "/files/{file}/{name}",
]
POSTS = [
    "/m/{ancient}/reactions/",
    "/m/{ancient}/pin/",
    "/m/{ancient}/unpin/",
    "/m/{ancient}/save/",
    "/m/{ancient}/unsave/",
    "/m/{ancient}/done/",
    "/m/{ancient}/thread/follow/",
    "/m/{ancient}/thread/mute/",
    "/m/{ancient}/thread/read/",
    "/m/{ancient}/mark-unread/",
    "/m/{ancient}/delete/",
    "/m/{ancient}/restore/",
    "/m/{ancient}/edit/",
    "/m/{own}/edit/",
    "/m/{own}/delete/",
    "/c/{garden}/mark-read/",
]


@pytest.fixture
def past(world, garden):
    """Olga was a member of the garden, left, and was added again after Ana hid earlier messages from new members.

    Ancient, which has everything a message can have, is of the day before; Ben replies to it after Olga has joined.
    """
    garden.add(world.ana, [world.olga])
    file = Attachment.objects.store(upload(picture("PNG", (8, 8)), f"{WORD}.png"))
    ancient = garden.post(world.ana, f"{WORD} words @olga @ben", uuid4(), attachments=[file])
    own = say(garden, world.olga, f"{WORD} words of mine")
    for person in (world.olga, world.ben):
        ancient.save_for(person)
    ancient.react(world.ben, "🎉")
    ancient.pin(world.ana, f"{WORD} reason")
    ancient.edit(world.ana, f"{WORD} other words @olga @ben")
    say(garden, world.ben, f"{WORD} lost words").delete_by(world.ben)
    Message.objects.filter(conversation=garden).update(created_at=timezone.now() - timedelta(days=1))
    garden.remove(world.ana, world.olga)
    garden.limit_history(world.ana)
    garden.add(world.ana, [world.olga])
    garden.refresh_from_db()
    entries = {"inbox of a new member": Conversation.objects.inbox_of(world.olga).get(pk=garden.pk)}
    quoted = garden.post(world.ben, "a reply", uuid4(), reply_to=ancient, quote=f"{WORD} other")
    fresh = say(garden, world.ana, "fresh words")
    return SimpleNamespace(ancient=ancient, own=own, reply=quoted, fresh=fresh, file=file, entries=entries)


@pytest.fixture
def values(past, garden):
    ancient = Message.objects.get(pk=past.ancient.pk)
    return {
        "garden": garden.pk,
        "ancient": ancient.pk,
        "own": past.own.pk,
        "reply": past.reply.pk,
        "cursor": past.fresh.cursor,
        "before": type(past.fresh.cursor)(ancient.created_at - timedelta(seconds=1), 0),
        "day": ancient.created_at.date(),
        "word": WORD,
        "file": past.file.pk,
        "name": past.file.name,
    }


def page(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode().replace(f"q={WORD}", "").replace(f'value="{WORD}', "").replace(f"“{WORD}", "")


def says_word(client, address):
    """Tell whether a page says the word, other than by repeating the query."""
    return any(f"{WORD}{rest}" in page(client, address).replace("<mark>", "").replace("</mark>", "") for rest in RESTS)


RESTS = (" words", " other", " lost", " reason", ".png")


@pytest.mark.parametrize("address", SHOWN)
def test_no_page_shows_earlier_messages_to_a_new_member(world, values, as_, address):
    address = address.format(**values)
    shown_to_others = says_word(as_(world.ben), address)
    assert shown_to_others or address in ("/", "/?filter=unread", "/quick-switcher/"), "there is something to hide"
    assert not says_word(as_(world.olga), address)


@pytest.mark.parametrize("address", HIDDEN)
def test_earlier_messages_respond_exactly_like_missing_ones(world, values, as_, address):
    there, missing = address.format(**values), address.format(**values | {"ancient": 10**9, "file": 10**9})
    assert as_(world.ben).get(there, follow=True).status_code == 200
    client = as_(world.olga)
    found, nothing = client.get(there), client.get(missing)
    assert (found.status_code, found.content) == (404, nothing.content)


@pytest.mark.parametrize("address", POSTS)
def test_nothing_can_be_done_with_earlier_messages(world, past, values, as_, address):
    form = {"emoji": "🎉", "reason": "x", "content": "x", "message": past.ancient.pk}
    before = list(Message.objects.order_by("pk").values())
    assert as_(world.olga).post(address.format(**values), form).status_code == 404
    assert list(Message.objects.order_by("pk").values()) == before


def test_no_page_of_a_thread_shows_earlier_replies_to_a_new_member(world, past, garden, as_):
    early = garden.post(world.ben, f"{WORD} words", uuid4(), reply_to=past.ancient)
    Message.objects.filter(pk=early.pk).update(created_at=timezone.now() - timedelta(days=1))
    for query in (
        "",
        f"?at={past.reply.pk}",
        f"?before={Cursor(timezone.now() + timedelta(days=1), 0)}",
        f"?after={Cursor(EPOCH, 0)}",
    ):
        assert says_word(as_(world.ben), f"/m/{past.ancient.pk}/thread/{query}"), "there is something to hide"
        assert not says_word(as_(world.olga), f"/m/{past.reply.pk}/thread/{query}")
    for hidden in (early, past.ancient):
        assert as_(world.olga).get(f"/m/{past.reply.pk}/thread/?at={hidden.pk}").status_code == 404


def test_the_verbs_themselves_refuse(world, past, garden):
    acts = {
        "react": lambda: past.ancient.react(world.olga, "🎉"),
        "pin": lambda: past.ancient.pin(world.olga),
        "save": lambda: past.ancient.save_for(world.olga),
        "edit": lambda: past.own.edit(world.olga, "other"),
        "delete": lambda: past.own.delete_by(world.olga),
    }
    for act in acts.values():
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(ReplyTargetGone):
        garden.post(world.olga, "x", uuid4(), reply_to=past.ancient)
    with pytest.raises(ReplyTargetGone):
        garden.find_reply_target(past.ancient.pk, world.olga)


def test_owners_hide_and_restore_only_what_they_see(world, past, garden):
    garden.change_role(world.ana, world.olga, "owner")
    assert not past.ancient.may_be_hidden_by(world.olga)
    assert past.fresh.may_be_hidden_by(world.olga)
    garden.change_role(world.ana, world.ben, "owner")
    past.ancient.hide(world.ben, "old")
    assert not past.ancient.is_restorable_by(world.olga)


def test_a_reply_shows_nothing_of_what_it_replies_to(world, past, values, as_):
    shown = as_(world.olga).get(f"/c/{values['garden']}/").content.decode()
    assert "a reply" in shown
    assert "in reply to a message from before you joined" in shown
    posted = as_(world.ben).get(f"/c/{values['garden']}/").content.decode()
    assert f"{WORD} other" in posted


def test_the_inbox_shows_and_counts_nothing_from_before(world, past, garden, as_):
    entry = past.entries["inbox of a new member"]
    assert (entry.preview, entry.unread, entry.mention_count) == (None, 0, 0)
    for message in (past.reply, past.fresh):
        message.delete_by(message.user)
    assert WORD not in as_(world.olga).get("/").content.decode()
    events = render_entries(garden.pk, {world.olga.pk: {ENGLISH}, world.ben.pk: {ENGLISH}})
    assert WORD not in events[world.olga.pk, ENGLISH].decode()


def test_later_mentions_in_earlier_messages_reach_nobody_who_does_not_see_them(world, past, garden):
    Mention.objects.all().delete()
    past.ancient.edit(world.ana, "once more @olga and @ben")
    assert list(Mention.objects.values_list("user", flat=True)) == [world.ben.pk]


def test_reports_and_searches_count_only_what_is_seen(world, past):
    seen = Message.objects.visible_to(world.olga).filter(conversation=past.fresh.conversation)
    assert set(seen) >= {past.reply, past.fresh}
    assert not seen.filter(pk__in=[past.ancient.pk, past.own.pk]).exists()
    days = {row["day"] for row in seen.counts_per_day(*[timezone.now().date()] * 2, timezone.get_current_timezone())}
    assert len(days) == 1


@pytest.mark.parametrize("command", [("search", WORD, "--as", "olga"), ("inbox", "olga")])
def test_commands_for_a_person_show_what_the_person_sees(past, capsys, command):
    call_command(*command)
    assert f"{WORD} " not in capsys.readouterr().out


def test_streams_leave_out_earlier_messages_and_what_replies_show_of_them(world, past, garden):
    since = garden.memberships.get(user=world.olga).history_from
    past.ancient.react(world.ana, "👍")
    perspectives = {Perspective(ENGLISH), Perspective(ENGLISH, since), Perspective(ENGLISH, timezone.now())}
    _, frames = read_changes(garden.pk, 0, perspectives)
    everything, olgas = frames[Perspective(ENGLISH)].decode(), frames[Perspective(ENGLISH, since)].decode()
    assert f"{WORD} other" in everything
    assert "fresh words" in olgas
    assert WORD not in olgas
    assert f'id="m{past.ancient.pk}"' not in olgas


def test_people_who_see_the_same_share_one_event(world, garden):
    cursor = garden.revision
    message = say(garden, world.ana, "words")
    perspectives = [Perspective(ENGLISH), Perspective(ENGLISH, message.created_at - timedelta(hours=1))]
    _, frames = read_changes(garden.pk, cursor, perspectives)
    assert frames[perspectives[0]] is frames[perspectives[1]]


def test_every_side_of_the_rule_agrees(world, past, garden):
    """`visible_messages` for each person; the side of the conversation, of streams, and of broadcasts."""
    messages = list(garden.messages.with_extras())
    for person in (world.ana, world.ben, world.olga, garden.created_by):
        seen = set(Message.objects.including_deleted_visible_to(person).filter(conversation=garden))
        conversation = Conversation.objects.as_seen_by(person).get(pk=garden.pk)
        assert set(conversation.seen_messages) == seen
        since = visible_pairs(Conversation.objects.all(), [(person.pk, garden.pk)])[person.pk, garden.pk]
        assert since == conversation.history_from
        assert set(seen_since(messages, since) if since else messages) == seen
        for message in messages:
            readers = readers_of(garden.pk, garden.kind, posted_at=message.created_at)
            assert (person in readers) == (message in seen)
    assert not hasattr(garden, "history_from"), "without a reader the query fails, instead of showing everything"


def test_members_keep_what_they_see_and_the_setting_is_told(world, garden, as_):
    say(garden, world.ana, "early")
    as_(world.ana).post(f"/c/{garden.pk}/limit-history/")
    shown = as_(world.ben).get(f"/c/{garden.pk}/").content.decode()
    assert "early" in shown
    assert "Ana Lima hid earlier messages from people who join from now on" in shown
    assert as_(world.ben).post(f"/c/{garden.pk}/limit-history/").status_code == 403


def test_showing_all_messages_again_says_how_many_to_whom(world, past, garden, as_):
    owner, address = as_(world.ana), f"/c/{garden.pk}/unlimit-history/"
    assert "old messages become visible to 1 member" in owner.get(address).content.decode()
    reach = garden.reach_of_history()
    with pytest.raises(ReachHasGrown):
        garden.unlimit_history(world.ana, Reach(reach.messages - 1, reach.people))
    assert owner.post(address, {"messages": reach.messages, "people": 0}).status_code == 409
    owner.post(address, {"messages": reach.messages, "people": reach.people})
    assert WORD in as_(world.olga).get(f"/m/{past.ancient.pk}/", follow=True).content.decode()
    garden.add(world.ana, [nora := type(world.ana).objects.create(username="nora", email="nora@example.org")])
    assert WORD in as_(nora).get(f"/c/{garden.pk}/").content.decode()


def test_opening_shows_everything_to_everyone_and_counts_the_new_members(world, past, garden):
    reach = garden.reach_of("open")
    assert reach.people == garden.outsiders().count() + 1
    garden.open(world.ana, reach)
    garden.refresh_from_db()
    assert not garden.history_from_joining
    assert Message.objects.visible_to(world.olga).contains(past.ancient)
    with pytest.raises(NotAllowed):
        garden.limit_history(world.ana)


def test_whoever_returns_sees_the_time_in_between_only_if_nothing_happened(world, past, garden):
    before = garden.memberships.get(user=world.olga).history_from
    garden.leave(world.olga)
    assert garden.rejoin(world.olga)
    assert garden.memberships.get(user=world.olga).history_from == before
    garden.remove(world.ana, world.olga)
    between = say(garden, world.ana, "in between")
    garden.restore_member(world.ana, world.olga)
    assert not Message.objects.visible_to(world.olga).contains(between)
    assert Message.objects.visible_to(world.olga).contains(say(garden, world.ana, "later"))
