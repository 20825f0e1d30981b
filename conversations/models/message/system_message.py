"""System messages: what happened in a conversation, without a sender, in its place among the messages."""

from django.db import connection

from accounts.models import User
from conversations.text import markdown

# Advances the actor's read marker past this message, unless they had unread messages. `earlier` is the row as it was.
WRITE = """
WITH raised AS (
    UPDATE conversations
    SET last_message_id = nextval(pg_get_serial_sequence('messages', 'id')),
        last_message_at = greatest(clock_timestamp(), last_message_at + interval '1 microsecond')
    WHERE id = %(conversation)s
    RETURNING id, last_message_id, last_message_at
), own_membership AS (
    UPDATE conversation_members
    SET last_read_message_id = raised.last_message_id, last_read_at = raised.last_message_at
    FROM raised, conversations AS earlier
    WHERE conversation_id = raised.id AND user_id = %(by)s
        AND earlier.id = raised.id AND last_read_at >= earlier.last_message_at
)
INSERT INTO messages (id, conversation_id, content, html, is_system, has_link, has_code, revision, created_at)
SELECT last_message_id, id, %(content)s, %(html)s, true, false, false, %(revision)s, last_message_at FROM raised
"""


def write(conversation_id: int, revision: int, by: User, what: str) -> None:
    """Say that `by` did something, as "made this conversation private", within the change that got `revision`."""
    content = f"{by.name} {what}"
    values = {"conversation": conversation_id, "revision": revision, "by": by.pk}
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values | {"content": content, "html": markdown.as_it_is(content).html})
