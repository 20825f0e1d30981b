"""The system message that says who joined: one for all who join in a row, and silent, so that nothing is unread."""

import json
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from conversations.models.event.event import Event, Verb
from conversations.models.message.message import Message

IN_A_ROW_PERIOD = timedelta(hours=3)
MAX_STORED = 100  # people; the others are only counted
WRITE = """
WITH written AS (
    INSERT INTO messages (conversation_id, content, is_system, is_silent, has_link, has_code, revision, created_at)
    SELECT id, '', true, true, false, false, %(revision)s,
        greatest(clock_timestamp(), last_message_at + interval '1 microsecond')
    FROM conversations WHERE id = %(conversation)s
    RETURNING id, conversation_id, revision, created_at
)
INSERT INTO events (message_id, conversation_id, verb, particulars, revision, created_at)
SELECT id, conversation_id, 'joined', %(particulars)s::jsonb, revision, created_at FROM written
"""


def write(conversation: int, revision: int, people: Sequence[int]) -> None:
    """Show that people with these ids joined, within the change of the conversation that got `revision`."""
    before = last_joined(conversation)
    if before is None:
        particulars = {"people": people[:MAX_STORED], "count": len(people)}
        values: dict[str, int | str] = {
            "conversation": conversation,
            "revision": revision,
            "particulars": json.dumps(particulars),
        }
        with connection.cursor() as cursor:
            cursor.execute(WRITE, values)
        return
    known, count = before.particulars["people"], before.particulars["count"]
    new = [pk for pk in people if pk not in known]  # they may have left since
    before.particulars = {"people": [*new, *known][:MAX_STORED], "count": count + len(new)}
    before.save(update_fields=["particulars"])
    Message.objects.with_id(before.message_id).update(revision=revision)


def last_joined(conversation: int) -> Event | None:
    """Find the event of the newest message, if that says who joined, and is recent."""
    newest = Message.objects.filter(conversation=conversation).not_deleted().of_timeline().newest_first()[:1]
    recent = Event.objects.filter(verb=Verb.JOINED, created_at__gt=Now() - IN_A_ROW_PERIOD)
    return recent.filter(message__in=newest.values("pk")).first()
