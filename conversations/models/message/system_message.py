"""System messages: what happened in a conversation, without a sender, in order among the other messages.

The message has no text of its own: its event is worded for each reader. Release 0.1 shows an empty line.
"""

import json
from typing import Any

from django.db import connection

from accounts.models import User
from conversations.models.event.event import Verb

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
), written AS (
    INSERT INTO messages (id, conversation_id, content, is_system, has_link, has_code, revision, created_at)
    SELECT last_message_id, id, '', true, false, false, %(revision)s, last_message_at FROM raised
    RETURNING id, conversation_id, revision, created_at
)
INSERT INTO events (message_id, conversation_id, actor_id, verb, particulars, revision, created_at)
SELECT id, conversation_id, %(by)s, %(verb)s, %(particulars)s::jsonb, revision, created_at FROM written
"""


def write(conversation_id: int, revision: int, by: User, verb: Verb, particulars: dict[str, Any] | None = None) -> None:
    """Record that `by` did something, and show it in the conversation, within the change that got `revision`."""
    values: dict[str, int | str] = {
        "conversation": conversation_id,
        "revision": revision,
        "by": by.pk,
        "verb": verb.value,
        "particulars": json.dumps(particulars or {}),
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
