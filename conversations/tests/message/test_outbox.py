"""The outbox: exactly the messages that may notify somebody are in it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import NotAllowed
from conversations.models import Mention, Message, OutboxEntry
from conversations.models.message.importing import import_messages
from conversations.models.purging import purge_deleted
from conversations.tests.factories import answer, history, say


def outbox():
    """The messages in the outbox: {id: whether an edit put it there}."""
    return dict(OutboxEntry.objects.values_list("message", "is_edit"))


def reasons(message):
    return dict(message.mentions.values_list("user__username", "reason"))


@pytest.fixture
def first(world):
    """A message in an open conversation, which notifies nobody."""
    return say(world.town, world.ana, "some words")


def test_a_plain_message_notifies_nobody(world, first):
    assert outbox() == {}
    world.town.set_notify(world.ben, "mentions")
    world.plans.set_notify(world.ben, "watch")
    say(world.town, world.ana, "others")
    assert outbox() == {}, "another conversation is watched"


@pytest.mark.parametrize(("watcher", "is_told"), [("ben", True), ("ana", False)])
def test_a_message_in_a_conversation_that_somebody_else_watches_may_notify(world, first, watcher, is_told):
    world.town.set_notify(getattr(world, watcher), "watch")
    message = say(world.town, world.ana, "others")
    assert outbox() == ({message.pk: False} if is_told else {})


def test_a_direct_message_may_notify(world):
    message = say(world.direct, world.ana, "hello")
    assert outbox() == {message.pk: False}


@pytest.mark.parametrize("in_conversation", [True, False])
def test_a_reply_may_notify(world, first, in_conversation):
    reply = answer(first, world.ben, "yes", in_conversation=in_conversation)
    assert outbox() == {reply.pk: False}


@pytest.mark.parametrize("words", ["@ben", "@all", "@nobody", "@ana", "@here"])
def test_a_message_that_mentions_somebody_may_notify(world, words):
    message = say(world.town, world.ana, words)
    assert outbox() == ({message.pk: False} if words in ("@ben", "@all") else {}), "the others are not here"


def test_a_mention_says_whether_it_names_the_person(world):
    assert reasons(say(world.plans, world.ana, "@all and @ben")) == {"ben": "mention"}
    message = say(world.plans, world.ana, "@all")
    assert reasons(message) == {"ben": "call"}
    message.edit(world.ana, "@all, also @ben")
    assert reasons(message) == {"ben": "call"}, "everyone is told once"
    assert reasons(say(world.direct, world.ana, "@here")) == {"ben": "call"}


def test_only_an_edit_that_mentions_somebody_new_may_notify(world, first):
    first.edit(world.ana, "other words")
    assert outbox() == {}
    first.edit(world.ana, "other words @ben")
    assert outbox() == {first.pk: True}
    OutboxEntry.objects.all().delete()
    first.edit(world.ana, "other words for @ben")
    assert outbox() == {}


def test_an_edit_before_everyone_is_notified_begins_again(world):
    message = say(world.town, world.ana, "@ben")
    OutboxEntry.objects.update(after_user=world.olga.pk)
    message.edit(world.ana, "@ben @olga")
    assert outbox() == {message.pk: False}
    assert OutboxEntry.objects.get().after_user == 0


def test_a_repeated_post_is_in_the_outbox_once(world):
    key = uuid4()
    for _ in range(2):
        message = world.direct.post(world.ana, "hello", key)
    OutboxEntry.objects.all().delete()
    world.direct.post(world.ana, "hello", key)
    assert outbox() == {}, f"message {message.pk} is posted"


def test_imported_messages_and_system_messages_notify_nobody(world):
    world.town.set_notify(world.ben, "watch")
    [old] = history(world.direct, world.ana, ["2020-01-01T00:00Z"])
    import_messages(
        world.town, [Message(user=world.ana, content="old @ben", created_at=old.created_at, client_key=uuid4())]
    )
    world.town.rename(world.ana, "Another title", "")
    assert world.town.messages.filter(is_system=True).exists()
    assert outbox() == {}


def test_a_refused_message_notifies_nobody(world):
    world.town.set_notify(world.ben, "watch")
    world.town.row().update(archived_at="2026-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        say(world.town, world.ana, "words")
    assert outbox() == {}


def test_a_purged_message_leaves_the_outbox(world):
    message = say(world.direct, world.ana, "hello @ben")
    message.delete_by(world.ana)
    assert outbox(), "the fan-out finds it deleted"
    assert purge_deleted(timedelta(0)).remaining == 0
    assert outbox() == {}
    assert not Mention.objects.exists()


def test_the_time_of_the_choice_is_stored_and_restored(world):
    world.town.set_notify(world.ben, "watch")
    chosen = world.town.memberships.get(user=world.ben).notify_since
    assert chosen
    assert world.town.memberships.get(user=world.ana).notify_since is None
    world.town.leave(world.ben)
    world.town.rejoin(world.ben)
    again = world.town.memberships.get(user=world.ben)
    assert (again.notify, again.notify_since) == ("watch", chosen)
