from uuid import uuid4

import factory
from django.db import connection

from accounts.models.limits import unlimited
from conversations.models import Conversation, Message


class ConversationFactory(factory.django.DjangoModelFactory):
    """A conversation with `members`, open by default."""

    class Meta:
        model = Conversation
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Conversation {number}")

    @factory.post_generation
    def members(self, create, people, **_):
        self.admit(people or [])


def say(conversation, author, *texts):
    """Post messages as the site does, but without rate limits; return the last one."""
    with unlimited():
        return [conversation.post(author, text, uuid4()) for text in texts][-1]


def answer(first, author, text, **options):
    """Reply to a message, without rate limits; in its thread alone, unless `options` say otherwise."""
    with unlimited():
        return first.conversation.post(author, text, uuid4(), reply_to=first, **{"in_conversation": False} | options)


def insert(conversation, author, content, html=""):
    """Insert a message as release 0.1 and other programs do, which know nothing of facts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messages (conversation_id, user_id, content, html) VALUES (%s, %s, %s, %s) RETURNING id",
            [conversation.pk, author.pk, content, html],
        )
        return Message.objects.get(pk=cursor.fetchone()[0])


def say_much(conversation, author, count):
    """Insert what `count` consecutive posts would, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(SAY_MUCH, {"place": conversation.pk, "author": author.pk, "count": count})


SAY_MUCH = """
WITH before AS (
    SELECT id, revision, greatest(clock_timestamp(), last_message_at) AS moment
    FROM conversations WHERE id = %(place)s FOR UPDATE
), said AS (
    INSERT INTO messages (conversation_id, user_id, content, html, revision, created_at)
    SELECT id, %(author)s, 'words', '<p>words</p>', revision + n, moment + n * interval '1 microsecond'
    FROM before, generate_series(1, %(count)s) n
    RETURNING id, revision, created_at
)
UPDATE conversations SET (revision, last_message_id, last_message_at) = (
    SELECT revision, id, created_at FROM said ORDER BY revision DESC LIMIT 1
)
WHERE id = %(place)s AND EXISTS (SELECT FROM said)
"""


def history(conversation, author, moments):
    """Insert messages with the given times, as an import does."""
    rows = [
        Message(
            conversation=conversation, user=author, content=f"number {number}", created_at=moment, client_key=uuid4()
        )
        for number, moment in enumerate(moments)
    ]
    return Message.objects.bulk_create(rows)
