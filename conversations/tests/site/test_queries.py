"""The cost of pages: a constant number of statements, and plans that use indexes at any size."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from conversations.models import Attachment, Conversation, Membership, Message
from conversations.models.timeline.changes import touched
from conversations.tests.factories import ConversationFactory, say

STATEMENTS = {"conversation": 6, "inbox": 4}


def statements(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("crowd", [1, 30])
def test_pages_take_a_constant_number_of_statements_for_any_number_of_people(world, as_, crowd):
    people = UserFactory.create_batch(crowd)
    for _ in range(crowd):
        ConversationFactory().admit([world.ana, *people])
    world.town.admit(people)
    for person in people:
        say(world.town, person, "hello")
        Conversation.objects.direct(world.ana, [person])
    client = as_(world.ana)
    client.get("/offline/")  # so that the measured requests do not update the last visit
    found = {"conversation": statements(client, f"/c/{world.town.pk}/"), "inbox": statements(client, "/")}
    assert found == {"conversation": 4, "inbox": 3}
    assert all(found[page] <= STATEMENTS[page] for page in STATEMENTS)


def test_all_extras_of_messages_take_one_more_statement(world, as_):
    """Reactions, replies, attachments and pins on every message of a page."""
    before = None
    for number in range(20):
        before = world.town.post(world.ana, f"number {number}", uuid4(), reply_to=before)
        before.react(world.ben, "🍰")
        before.react(world.ana, "🎉")
        before.pin(world.ana)
        file = {"position": 0, "name": "a.txt", "content_type": "text/plain", "size": 1, "key": number}
        Attachment.objects.create(message=before, **file)
    client = as_(world.ben)
    client.get("/offline/")
    found = {"conversation": statements(client, f"/c/{world.town.pk}/"), "inbox": statements(client, "/")}
    assert found == {"conversation": 5, "inbox": 4}
    page = client.get(f"/c/{world.town.pk}/").content.decode()
    shown = {'data-emoji="🍰"': 20, "pinned by": 20, 'class="replied-to': 19}
    shown |= {'/a.txt" download': 20, '/a.txt?open"': 20}
    assert {each: page.count(each) for each in shown} == shown


def fill(messages, minutes=1):
    """Create 50 people and 20 conversations with this many messages in all, and update PostgreSQL's statistics."""
    UserFactory.create_batch(50)
    for _ in range(20):
        ConversationFactory()
    with connection.cursor() as cursor:
        # VACUUM marks rows as visible to all only once their commit is on disk.
        cursor.execute("SET synchronous_commit = on")
        cursor.execute(
            """
            INSERT INTO conversation_members (conversation_id, user_id)
            SELECT c.id, u.id FROM conversations c, users u
            """
        )
        cursor.execute(
            """
            INSERT INTO messages (conversation_id, user_id, content, created_at, revision)
            SELECT c.id, u.id, 'Some words, of which there are many in a place where people talk',
                   timestamptz '2026-01-01' + n * %s * interval '1 minute', n
            FROM generate_series(1, %s) n
            JOIN (SELECT id, row_number() OVER () - 1 AS k FROM conversations) c ON c.k = n %% 20
            JOIN (SELECT id, row_number() OVER () - 1 AS k FROM users) u ON u.k = n / 20 %% 50
            """,
            [minutes, messages],
        )
        # The newest messages of every conversation are in a thread alone.
        cursor.execute(
            """
            INSERT INTO messages (conversation_id, user_id, content, created_at, revision, thread_id, in_conversation)
            SELECT conversation_id, user_id, content, created_at + interval '1 year', revision, id, false
            FROM messages WHERE revision > %s * 0.9
            """,
            [messages],
        )
        cursor.execute(
            """
            UPDATE conversations c SET last_message_id = m.id, last_message_at = m.created_at
            FROM (
                SELECT DISTINCT ON (conversation_id) * FROM messages WHERE in_conversation
                ORDER BY conversation_id, created_at DESC, id DESC
            ) m
            WHERE m.conversation_id = c.id
            """
        )
        cursor.execute("UPDATE conversation_members SET last_read_at = '2020-01-01'")
        cursor.execute("VACUUM ANALYZE users, conversations, conversation_members, messages")
        cursor.execute("SET synchronous_commit = off")


def plan(query):
    query.explain(format="json", analyze=True, buffers=True)  # the first run fills caches
    return json.loads(query.explain(format="json", analyze=True, buffers=True))[0]["Plan"]


def nodes(node):
    yield node
    for inner in node.get("Plans", []):
        yield from nodes(inner)


def buffers(node):
    return node["Shared Hit Blocks"] + node["Shared Read Blocks"]


def measured():
    """Explain queries 1 and 2: {name: (the indexes used, the tables read whole, the buffers)}."""
    place, person = Conversation.objects.first(), Membership.objects.first().user
    middle = place.messages.of_timeline().oldest_first()[place.messages.count() // 2]
    queries = {
        "newest": place.messages.with_extras().latest_page(),
        "middle": place.messages.not_deleted().of_timeline().newest_first().beyond(middle.cursor).with_extras()[:20],
        "inbox": Conversation.objects.inbox_of(person)[:20],
        "changes": touched(place.messages, None).beyond(middle.revision)[:20],
    }
    found = {}
    for name, query in queries.items():
        root = plan(query)
        indexes = {node["Index Name"] for node in nodes(root) if "Index Name" in node}
        whole = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        found[name] = (indexes, whole, buffers(root))
    return found


@pytest.mark.django_db(transaction=True)
def test_history_and_inbox_use_their_indexes_at_any_size():
    fill(10_000)
    small = measured()
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    fill(100_000)
    large = measured()
    assert "messages_conv_revision" in large["changes"][0]
    assert large["changes"][2] <= 90
    for name in ("newest", "middle"):
        assert "messages_timeline" in large[name][0]
        assert large[name][2] <= 90
    assert {"messages_pkey", "messages_timeline"} <= large["inbox"][0]
    assert large["inbox"][2] <= 4.5 * 20 + 250, "unread messages are counted by an index alone"
    # A larger index may be one level deeper, which costs each lookup one buffer: the inbox makes two per conversation.
    look_ups = dict.fromkeys(large, 10) | {"inbox": 2 * 20}
    for name in large:
        assert "messages" not in large[name][1], f"{name} reads the whole table"
        assert large[name][2] <= 1.25 * small[name][2] + look_ups[name], f"{name} costs more in a larger table"
