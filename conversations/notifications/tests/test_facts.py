"""Who is notified of a message, and why: once, whatever happens to it."""

from uuid import uuid4

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.models.conversation.membership import Notify
from conversations.models.outbox import OutboxEntry
from conversations.notifications import fan_out
from conversations.notifications.fan_out import empty_outbox
from conversations.notifications.models import Notification, NotificationDelivery, Reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def notified(notified):
    def read(message):
        empty_outbox()
        return notified(message)

    return read


def test_people_are_notified_of_direct_messages_mentions_replies_and_threads(world, post, notified):
    ana, ben = world.ana, world.ben
    assert notified(post(world.direct, ana, "Hello")) == {"ben": Reason.DIRECT}
    assert notified(post(world.plans, ana, "Hello @ben")) == {"ben": Reason.MENTION}
    assert notified(post(world.plans, ana, "Hello @all")) == {"ben": Reason.CALL}
    first = post(world.plans, ben, "First")
    assert notified(first) == {}
    assert notified(post(world.plans, ana, "Yes", reply_to=first)) == {"ben": Reason.REPLY}
    assert notified(post(world.plans, ben, "No", reply_to=first)) == {"ana": Reason.THREAD}


def test_the_strongest_reason_counts(world, post, notified):
    first = post(world.direct, world.ben, "First")
    assert notified(post(world.direct, world.ana, "@ben @all see", reply_to=first)) == {"ben": Reason.MENTION}
    assert notified(post(world.direct, world.ana, "@all see", reply_to=first)) == {"ben": Reason.DIRECT}


def test_those_who_watch_a_conversation_are_notified_of_every_message(world, post, notified):
    assert notified(post(world.plans, world.ana, "One")) == {}
    world.plans.set_notify(world.ben, Notify.WATCH)
    assert notified(post(world.plans, world.ana, "Two")) == {"ben": Reason.WATCH}
    assert notified(post(world.plans, world.ben, "Three")) == {}


def test_an_edit_notifies_those_whom_it_mentions_and_nobody_twice(world, post, notified):
    message = post(world.town, world.ana, "Hello @ben")
    assert notified(message) == {"ben": Reason.MENTION}
    before = Notification.objects.get(message=message).notified_at
    message.edit(world.ana, "Hello @ben and @olga")
    assert notified(message) == {"ben": Reason.MENTION, "olga": Reason.MENTION}
    for text in ("Hello", "Hello @ben again", "@all"):
        message.edit(world.ana, text)
    assert notified(message) == {"ben": Reason.MENTION, "olga": Reason.MENTION}
    assert Notification.objects.get(message=message, user=world.ben).notified_at == before


def test_an_edit_of_a_message_to_all_who_watch_notifies_nobody_again(world, post, notified):
    world.plans.set_notify(world.ben, Notify.WATCH)
    message = post(world.plans, world.ana, "One")
    empty_outbox()
    Notification.objects.all().delete()
    message.edit(world.ana, "Two")
    assert notified(message) == {}


def test_a_call_of_a_large_conversation_notifies_everyone_slice_by_slice(monkeypatch, post, notified):
    monkeypatch.setattr(fan_out, "PEOPLE", 100)
    monkeypatch.setitem(fan_out.WORDS, "people", 100)
    people = UserFactory.create_batch(230)
    ana = people[0]
    everyone = Conversation.objects.start(ana, "Everyone", "open", people[1:])
    message = post(everyone, ana, f"@all and @{people[5].username}")
    found = notified(message)
    assert len(found) == 229
    assert found.pop(people[5].username) == Reason.MENTION
    assert set(found.values()) == {Reason.CALL}
    assert not OutboxEntry.objects.exists()
    assert NotificationDelivery.objects.filter(channel="push").count() == 229


def test_imported_and_system_messages_notify_nobody(world, notified):
    from conversations.models import Message
    from conversations.models.message.importing import import_messages

    imported = Message(user=world.ana, content="@ben", client_key=uuid4(), created_at=world.direct.created_at)
    import_messages(world.direct, [imported])
    world.plans.set_notify(world.ben, Notify.WATCH)
    world.garden = Conversation.objects.start(world.ana, "Garden", "private", [world.ben])
    assert not OutboxEntry.objects.exists()
    empty_outbox()
    assert not Notification.objects.exists()


def test_deactivated_people_are_not_notified(world, post, notified):
    world.ben.is_active = False
    world.ben.save(update_fields=["is_active"])
    assert notified(post(world.direct, world.ana, "Hello")) == {}


def test_messages_of_a_conversation_wait_for_one_push(world, post):
    for text in ("One", "Two"):
        post(world.direct, world.ana, text)
    empty_outbox()
    assert NotificationDelivery.objects.filter(channel="push").count() == 1
