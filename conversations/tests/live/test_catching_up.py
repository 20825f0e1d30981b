"""A page that catches up by `changes/` shows the same as one that is loaded again."""

import random
import re
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models.limits import unlimited
from chatsite.trials.client.articles import articles, revision
from conversations.models import Conversation, Message
from conversations.models.message.importing import import_messages
from conversations.models.message.reaction import QUICK
from conversations.tests.factories import ConversationFactory, say_much

OLDER = re.compile(r'rel="prev" href="[^"?]*(\?before=[^"]+)"')  # with a cursor, unlike in the template for scripts
VERBS = ["post", "post", "post", "edit", "delete", "restore", "leave", "join", "rename", "import"]
VERBS += ["reply", "react", "unreact", "pin", "unpin"]
SLOW = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


class Reader:
    """An open page, updated in the same way as by our script."""

    def __init__(self, client, conversation):
        self.client, self.address = client, f"/c/{conversation.pk}/"
        page = self.load("")
        self.revision, found = revision(page), articles(page)
        self.messages = {each.id: each for each in found}
        self.since = found[0].place if found and OLDER.search(page) else (0, 0)

    def load(self, query):
        answer = self.client.get(self.address + query)
        assert answer.status_code == 200
        return answer.content.decode()

    def catch_up(self):
        while True:
            page = self.load(f"changes/?after={self.revision}")
            for each in articles(page):
                assert each.revision > self.revision
                self.messages.pop(each.id, None)
                if not each.is_deleted and each.place >= self.since:
                    self.messages[each.id] = each
            self.revision = revision(page)
            if "data-more" not in page:
                return

    def shown(self):
        return sorted(self.messages.values(), key=lambda each: each.place)

    def reload(self):
        """Load the newest page and older ones, as far back as the open page goes."""
        page = self.load("")
        newest, found = revision(page), articles(page)
        while (older := OLDER.search(page)) and found[0].place > self.since:
            page = self.load(older[1])
            found = articles(page) + found
        return newest, [each for each in found if each.place >= self.since]


@unlimited()
def perform(conversation, people, verb, choice):  # noqa: C901 – one case a verb
    """Perform a verb in a conversation, if it is possible."""
    author = people[choice % len(people)]
    messages = list(Message.objects.filter(conversation=conversation, user=author).order_by("-pk")[:30])
    message = messages[choice % len(messages)] if messages else None
    is_member = conversation.memberships.filter(user=author).exists()
    visible = (
        list(conversation.messages.not_deleted().filter(is_system=False).order_by("-pk")[:30]) if is_member else []
    )
    other = visible[choice % len(visible)] if visible else None
    match verb:
        case "post" if is_member:
            conversation.post(author, f"words {choice}", uuid4())
        case "edit" if is_member and message and not message.deleted_at:
            message.edit(author, f"other words {choice}")
        case "delete" if message:
            message.delete_by(author)
        case "restore" if is_member and message:
            message.restore_by(author)
        case "leave" if conversation.memberships.count() > 1:
            conversation.leave(author)
        case "join":
            conversation.join(author)
        case "reply" if other:
            conversation.post(author, f"answer {choice}", uuid4(), reply_to=other)
        case "react" if other:
            other.react(author, QUICK[choice % 3])
        case "unreact" if other:
            other.unreact(author, QUICK[choice % 3])
        case "pin" if other:
            other.pin(author, f"reason {choice % 3}")
        case "unpin" if other:
            other.unpin(author)
        case "rename":
            with conversation.changing():
                conversation.row().update(title=f"Title {choice}")
        case "import":
            moment = f"2020-01-{choice % 28 + 1:02}T00:00Z"
            import_messages(
                conversation, [Message(user=author, content="from elsewhere", client_key=uuid4(), created_at=moment)]
            )


def assert_up_to_date(reader):
    reader.catch_up()
    newest, reloaded = reader.reload()
    assert reader.revision == newest
    assert reader.shown() == reloaded


@settings(max_examples=40, **SLOW)
@given(
    before=st.integers(0, 45),
    events=st.lists(st.one_of(st.just("look"), st.tuples(st.sampled_from(VERBS), st.integers(0, 999))), max_size=60),
)
def test_catching_up_after_any_sequence_of_events(world, as_, before, events):
    conversation, people = ConversationFactory(members=[world.ana, world.ben]), [world.ana, world.ben]
    say_much(conversation, world.ana, before // 2)
    say_much(conversation, world.ben, before - before // 2)
    reader = Reader(as_(world.olga), conversation)
    for event in events:
        if event == "look":
            assert_up_to_date(reader)
        else:
            perform(conversation, people, *event)
    assert_up_to_date(reader)


# Commits, as within one transaction PostgreSQL can't remove old versions of the rows, which slows everything down.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gap", [0, 1, 39, 41, 500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_catching_up_after_a_gap(world, as_, gap):
    people, chance = [world.ana, world.ben], random.Random(gap)
    conversation = ConversationFactory(members=people)
    say_much(conversation, world.ana, 25)
    say_much(conversation, world.ben, 20)
    reader = Reader(as_(world.olga), conversation)
    start = Conversation.objects.get(pk=conversation.pk).revision
    while Conversation.objects.get(pk=conversation.pk).revision < start + gap:
        perform(conversation, people, chance.choice(VERBS), chance.randrange(1000))
        if gap > 1000:  # mostly messages, as in real use
            conversation.admit(people)
            say_much(conversation, world.ana, 50)
    assert_up_to_date(reader)
