"""Fan-out: from a message in the outbox to one notification for each person it concerns, and what waits to be sent.

It decides only which reasons are never mailed: all else is decided when something is due, as much may have happened.
"""

from typing import Any

from django.db import connection, transaction

from conversations.models.outbox import OutboxEntry
from conversations.notifications.models import Channel, Outcome, Reason
from conversations.notifications.models.settings import BY_MAIL

MESSAGES = 20  # before looking for what is due
PEOPLE = 1000  # of one message at a time
# So that a page that shows the message can mark it as read, and its author can still delete it.
PUSH_DELAY_SECONDS = 3
MAIL_DELAY_SECONDS = 600
CLAIM = "SELECT message_id, is_edit, after_user FROM outbox ORDER BY message_id LIMIT 1 FOR UPDATE SKIP LOCKED"
PROGRESS = "UPDATE outbox SET after_user = %s WHERE message_id = %s"
DONE = "DELETE FROM outbox WHERE message_id = %s"
# An edit only notifies of mentions, and only lately: notifications of old ones are no longer stored.
NOTIFY = """
WITH message AS (
    SELECT messages.id, conversation_id, messages.user_id, reply_to_id, thread_id, messages.created_at,
        kind = 'direct' AS is_direct
    FROM messages JOIN conversations ON conversations.id = conversation_id WHERE messages.id = %(message)s
), concerned (user_id, reason, rank) AS (
    SELECT mentions.user_id, CASE reason WHEN 'call' THEN %(call)s ELSE %(mention)s END,
        CASE reason WHEN 'call' THEN 5 ELSE 1 END
    FROM mentions JOIN message ON message_id = message.id WHERE mentioned_at > now() - interval '29 days'
    UNION ALL
    SELECT members.user_id, %(call)s, 5
    FROM message JOIN group_calls ON message_id = message.id AND called_at > now() - interval '29 days'
    JOIN conversation_members AS members ON members.conversation_id = message.conversation_id
    WHERE joined_at < called_at
    UNION ALL
    SELECT members.user_id, %(direct)s, 2
    FROM message JOIN conversation_members AS members ON members.conversation_id = message.conversation_id
    WHERE is_direct AND NOT %(is_edit)s
    UNION ALL
    SELECT earlier.user_id, %(reply)s, 3
    FROM message JOIN messages AS earlier ON earlier.id = message.reply_to_id WHERE NOT %(is_edit)s
    UNION ALL
    SELECT followers.user_id, %(thread)s, 4
    FROM message JOIN thread_followers AS followers ON message_id = thread_id
    WHERE NOT muted AND NOT %(is_edit)s
    UNION ALL
    SELECT members.user_id, %(watch)s, 6
    FROM message JOIN conversation_members AS members ON members.conversation_id = message.conversation_id
    WHERE notify = 'watch' AND NOT %(is_edit)s
), people AS (
    SELECT user_id, reasons[1] AS reason, reasons[2:] AS others, reasons && %(by_mail)s::text[] AS by_mail
    FROM (
        SELECT concerned.user_id, array_agg(reason::text ORDER BY rank) AS reasons
        FROM concerned, message
        WHERE concerned.user_id IS DISTINCT FROM message.user_id AND concerned.user_id > %(after)s
        GROUP BY concerned.user_id
    ) AS candidates
    -- Looked up one by one: they may be a few of many thousands, which the planner does not know.
    WHERE (SELECT is_active FROM users WHERE users.id = candidates.user_id)
    ORDER BY user_id LIMIT %(people)s
), notified AS (
    INSERT INTO notifications AS earlier (user_id, message_id, conversation_id, reason, others, mail, mail_at)
    SELECT people.user_id, message.id, conversation_id, reason, others,
        CASE WHEN by_mail THEN '' ELSE %(never)s END, CASE WHEN NOT by_mail THEN now() END
    FROM people, message ORDER BY people.user_id
    -- A mention by name that an edit adds reaches those whom the message has not reached yet.
    ON CONFLICT (user_id, message_id) DO UPDATE
    SET reason = excluded.reason, others = earlier.reason || earlier.others,
        push = CASE WHEN earlier.push = ANY(%(reached)s) THEN earlier.push ELSE '' END,
        mail = CASE WHEN earlier.mail = ANY(%(reached)s) THEN earlier.mail ELSE excluded.mail END
    WHERE excluded.reason = %(mention)s AND earlier.reason <> %(mention)s
    RETURNING user_id, conversation_id, push, mail
), pushes AS (
    INSERT INTO notification_deliveries AS waiting (user_id, channel, conversation_id, due_at)
    SELECT user_id, %(push)s, conversation_id, now() + %(push_delay)s * interval '1 second'
    FROM notified WHERE push = ''
    ON CONFLICT (user_id, channel, conversation_id) WHERE due_at IS NOT NULL DO UPDATE
    SET additions = waiting.additions + 1, reached = '{}',
        due_at = CASE WHEN waiting.attempts > 0 OR waiting.hold = 'looking' THEN waiting.due_at
            ELSE least(waiting.due_at, excluded.due_at) END
), mails AS (
    INSERT INTO notification_deliveries AS waiting (user_id, channel, due_at)
    SELECT user_id, %(mail)s, now() + %(mail_delay)s * interval '1 second' FROM notified WHERE mail = ''
    ON CONFLICT (user_id, channel, conversation_id) WHERE due_at IS NOT NULL DO UPDATE
    SET additions = waiting.additions + 1,
        due_at = CASE WHEN waiting.hold = 'pause' THEN least(waiting.due_at, excluded.due_at) ELSE waiting.due_at END
)
SELECT count(*), max(user_id) FROM people
"""
WORDS: dict[str, Any] = {str(reason.value): reason.value for reason in Reason} | {
    "reached": [Outcome.SENT.value, Outcome.NO_DEVICE.value],
    "never": Outcome.NOT_BY_MAIL.value,
    "by_mail": [reason.value for reason in BY_MAIL],
    "push": Channel.PUSH.value,
    "mail": Channel.MAIL.value,
    "people": PEOPLE,
}


def empty_outbox() -> bool:
    """Notify the people of some messages in the outbox, each once; return whether there may be more to do."""
    return OutboxEntry.objects.exists() and all(notify_of_next() for _ in range(MESSAGES))


def notify_of_next() -> bool:
    """Notify the people of one message, or some of them; return whether there was one.

    Each in its own transaction, which locks the deliveries of people in the order of their ids, or processes would
    wait for each other.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM)
        if claimed := cursor.fetchone():
            notify(cursor, *claimed)
    return claimed is not None


def notify(cursor: Any, message: int, is_edit: bool, after: int) -> None:
    """Notify the next people of a message."""
    delays = {"push_delay": PUSH_DELAY_SECONDS, "mail_delay": MAIL_DELAY_SECONDS}
    values = {"message": message, "is_edit": is_edit, "after": after}
    cursor.execute(NOTIFY, WORDS | delays | values)
    count, last = cursor.fetchone()
    cursor.execute(PROGRESS, [last, message]) if count == PEOPLE else cursor.execute(DONE, [message])
