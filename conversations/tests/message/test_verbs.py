"""Every verb of a message checks permissions itself, like its page, and counts against a rate limit."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import LimitReached, NotAllowed, limits
from accounts.tests.factories import UserFactory
from accounts.tests.verbs import called_by, verbs_of
from conversations.models import Attachment, Message, SavedMessage, ThreadFollower
from conversations.models.message.message import MessageQuerySet
from conversations.models.thread.follower import ThreadFollowerQuerySet
from conversations.tests.factories import say
from conversations.tests.message.pictures import upload

VERBS = {
    "post": lambda message, by: message.conversation.post(by, "words", uuid4()),
    "edit": lambda message, by: message.edit(by, "other words"),
    "delete": lambda message, by: message.delete_by(by),
    "hide": lambda message, by: message.hide(by, "a reason"),
    "restore": lambda message, by: message.restore_by(by),
    "react": lambda message, by: message.react(by, "🎉"),
    "unreact": lambda message, by: message.unreact(by, "🎉"),
    "pin": lambda message, by: message.pin(by, "a reason"),
    "unpin": lambda message, by: message.unpin(by),
    "save": lambda message, by: message.save_for(by),
    "follow thread": lambda message, by: message.follow_thread(by),
    "mute thread": lambda message, by: message.mute_thread(by),
    "mark thread read": lambda message, by: message.mark_thread_read(by, message),
    "mark thread unread": lambda message, by: message.mark_thread_unread(by, message),
    "mark all threads read": lambda message, by: ThreadFollower.objects.mark_all_read(by),
}
OF_SAVED_MESSAGES = {  # no effect for people who have not saved the message
    "unsave": lambda message, by: message.unsave_for(by),
    "done": lambda message, by: message.mark_done_for(by),
}
PARTS = {"allow_editing", "allow_notifying", "changing_by", "mark_deleted", "record_mentions", "refuse_other_authors"}
QUESTIONS = {"notified"}
OTHER_NAMES = {"conversation", "post", "uuid4", "ThreadFollower", "objects"}  # of what the verbs above are called with
BY_ALL = {"mark all threads read"}  # that they follow and see
BY_READERS = BY_ALL | {"save", "follow thread", "mute thread", "mark thread read", "mark thread unread"}
BY_MEMBERS = BY_READERS | {"post", "react", "unreact", "pin", "unpin"}
MAY = {
    "deactivated author": set(),
    "author who left": BY_ALL,
    "member": BY_MEMBERS,
    "reader": BY_READERS,
    "guest": BY_MEMBERS,
    "owner": BY_MEMBERS | {"hide", "restore"},
    "admin": BY_MEMBERS | {"hide", "restore"},
    "stranger": BY_ALL,
    "author": BY_MEMBERS | {"edit", "delete", "restore"},
}


@pytest.fixture
def people(world):
    """The members of Plans by their roles, and a stranger; the author posts the message."""
    roles = {"guest": "guest", "admin": "admin"}
    members = {"reader": "reader", "owner": "owner"}
    people = {name: UserFactory(role=roles.get(name, "member")) for name in MAY}
    world.plans.admit([person for name, person in people.items() if name != "stranger"])
    for name, role in members.items():
        world.plans.memberships.filter(user=people[name]).update(role=role)
    return people


def message_of(world, people, name):
    """Return a message by the author, or by this person if they are one who then leaves or is deactivated."""
    author = people[name if "author" in name else "author"]
    message = say(world.plans, author, "words")
    if name == "author who left":
        world.plans.memberships.filter(user=author).delete()
    if name == "deactivated author":
        type(author).objects.filter(pk=author.pk).update(is_active=False)
        author.refresh_from_db()
    return message


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", MAY)
def test_each_verb_allows_the_same_people_as_its_page(world, people, name, verb):
    message = message_of(world, people, name)
    if verb == "restore":
        reason = None if "author" in name else "hidden by somebody"
        Message.objects.filter(pk=message.pk).update(deleted_at=timezone.now(), deletion_reason=reason)
    if verb in MAY[name]:
        VERBS[verb](message, people[name])
        return
    before = Message.objects.filter(pk=message.pk).values().get()
    with pytest.raises(NotAllowed):
        VERBS[verb](message, people[name])
    assert Message.objects.filter(pk=message.pk).values().get() == before
    assert world.plans.messages.count() == 1


@pytest.mark.parametrize("verb", VERBS | OF_SAVED_MESSAGES)
def test_each_verb_is_rate_limited(world, people, verb):
    by, what = people["author"], "send" if verb == "post" else "change"
    message = say(world.plans, by, "words")
    for _ in range(limits.RATES[what].burst):
        limits.take(what, by)
    with pytest.raises(LimitReached):
        (VERBS | OF_SAVED_MESSAGES)[verb](message, by)


def test_uploads_are_rate_limited_before_any_file_is_stored(world, files):
    for _ in range(limits.RATES["upload"].burst):
        limits.take("upload", world.ana)
    with Attachment.objects.storing(world.ana, [], []) as none:
        world.plans.post(world.ana, "without", uuid4(), attachments=none)
    with pytest.raises(LimitReached), Attachment.objects.storing(world.ana, [upload(b"x", "x.txt")], [""]):
        pytest.fail("the file is stored")
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_files_of_a_refused_message_count_against_the_limit(world, files):
    for _ in range(limits.RATES["send"].burst):
        limits.take("send", world.ana)
    for _ in range(limits.RATES["upload"].burst):
        with (
            pytest.raises(LimitReached),
            Attachment.objects.storing(world.ana, [upload(b"x", "x.txt")], [""]) as stored,
        ):
            world.plans.post(world.ana, "", uuid4(), attachments=stored)
    with pytest.raises(LimitReached), Attachment.objects.storing(world.ana, [upload(b"x", "x.txt")], [""]):
        pytest.fail("the file is stored")


def test_a_saved_message_that_is_done_can_be_saved_again(world):
    message = say(world.plans, world.ana, "words")
    for verb, is_done in ((message.save_for, False), (message.mark_done_for, True), (message.save_for, False)):
        verb(world.ben)
        assert [saved.done_at is not None for saved in SavedMessage.objects.all()] == [is_done]


def test_every_verb_is_tested():
    found = verbs_of(Message, MessageQuerySet, ThreadFollowerQuerySet) - PARTS - QUESTIONS
    assert found == called_by((VERBS | OF_SAVED_MESSAGES).values()) - OTHER_NAMES


@pytest.mark.parametrize("verb", OF_SAVED_MESSAGES)
def test_deactivated_people_change_no_saved_messages(world, verb):
    message = say(world.plans, world.ana, "words")
    message.save_for(world.ben)
    type(world.ben).objects.filter(pk=world.ben.pk).update(is_active=False)
    world.ben.refresh_from_db()
    with pytest.raises(NotAllowed):
        OF_SAVED_MESSAGES[verb](message, world.ben)
    assert [saved.done_at for saved in SavedMessage.objects.all()] == [None]
