"""How a message is posted: exactly once, whatever the network or the sender does."""

from contextlib import nullcontext
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from conversations import markdown
from conversations.models.announcing import announce

if TYPE_CHECKING:
    from conversations.models import Conversation, Message
    from conversations.models.message import MessageQuerySet

# One statement, so that all of it happens or nothing. The conversation is raised first: its row lock orders all that
# happens in it, and taken after the insert it would turn the locks of the foreign keys into multixacts, under which 32
# writers fell to a sixth of their speed. No row comes back where the author is no member or the conversation archived.
POST = """
WITH raised AS (
    UPDATE conversations
    SET revision = revision + 1,
        last_message_id = nextval(pg_get_serial_sequence('messages', 'id')),
        last_message_at = greatest(clock_timestamp(), last_message_at + interval '1 microsecond')
    WHERE id = %(conversation)s AND archived_at IS NULL AND EXISTS (
        SELECT FROM conversation_members WHERE conversation_id = %(conversation)s AND user_id = %(user)s
    )
    RETURNING id, revision, last_message_id, last_message_at
), own_membership AS (
    UPDATE conversation_members
    SET last_read_message_id = raised.last_message_id,
        last_read_at = raised.last_message_at,
        draft = CASE WHEN draft_key = %(client_key)s THEN '' ELSE draft END
    FROM raised WHERE conversation_id = raised.id AND user_id = %(user)s
)
INSERT INTO messages (id, conversation_id, user_id, content, html, client_key, revision, created_at)
SELECT last_message_id, id, %(user)s, %(content)s, %(html)s, %(client_key)s, revision, last_message_at FROM raised
RETURNING id, revision, created_at
"""


class KeyReused(Exception):
    """The key of this send already belongs to another message."""


def post(
    messages: "MessageQuerySet", conversation: "Conversation", author: User, content: str, client_key: UUID
) -> "Message":
    """Write a message exactly once; see `MessageQuerySet.post`."""
    fields = {"content": content, "html": markdown.render(content), "client_key": client_key}
    try:
        # A savepoint inside a transaction; outside of one the statement is a transaction of its own, in one round trip.
        savepoint = transaction.atomic() if connection.in_atomic_block else nullcontext()
        with savepoint, connection.cursor() as cursor:
            cursor.execute(POST, fields | {"conversation": conversation.pk, "user": author.pk})
            posted = cursor.fetchone()
            if posted:
                announce("conversation", conversation.pk, posted[1])
    except IntegrityError:  # the key is taken, perhaps by the same send a moment ago
        posted = None
    if posted is None:
        return posted_before(messages, conversation, author, content, client_key)
    pk, revision, created_at = posted
    own = {"pk": pk, "conversation": conversation, "user": author, "revision": revision, "created_at": created_at}
    return messages.model(**own, **fields)


def posted_before(
    messages: "MessageQuerySet", conversation: "Conversation", author: User, content: str, client_key: UUID
) -> "Message":
    message = messages.filter(user=author, client_key=client_key).first()
    if message is None:
        raise PermissionDenied("Only members can write here, and nobody where a conversation is archived.")
    if (message.conversation_id, message.posted_content) != (conversation.pk, content):
        raise KeyReused(f"{client_key} is the key of message {message.pk}")
    return message
