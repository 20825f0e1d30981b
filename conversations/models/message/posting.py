"""How a message is posted: exactly once, whatever the network or the sender does."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User, limits
from conversations.models.access import MAY_WRITE, WRITERS_MAY
from conversations.models.announcing import announce
from conversations.models.attachment.attachment import Attachment
from conversations.models.message.mention import add_names
from conversations.models.message.message import Message

# One statement, so that all of it happens or nothing. The conversation's revision is raised first: its row lock orders
# all changes of the conversation. If taken after the insert, it would turn the locks of the foreign keys into
# multixacts, which slowed 32 writers down to a sixth of their speed. The statement returns no row if the author may not
# write, for example because the conversation is archived.
POST = """
WITH raised AS (
    UPDATE conversations
    SET revision = revision + %(steps)s{newest}
    WHERE id = %(conversation)s AND {may_write}
    RETURNING id, revision, kind, {place}
), own_mentions AS (
    UPDATE mentions SET seen_at = clock_timestamp()
    FROM raised, messages AS mentioning
    WHERE mentions.conversation_id = raised.id AND mentions.user_id = %(user)s AND seen_at IS NULL
      AND mentioning.id = message_id AND ({read})
){more}
INSERT INTO messages (
    id, conversation_id, user_id, content, html, file_names, client_key, revision, created_at, reply_to_id, quote,
    thread_id, in_conversation, has_extras, has_link, has_code, plain_text
)
SELECT new_id, id, %(user)s, %(content)s, %(html)s, %(file_names)s, %(client_key)s, revision, posted_at, %(reply_to)s,
       %(quote)s, %(thread)s, %(in_conversation)s, %(has_extras)s, %(has_link)s, %(has_code)s, %(plain_text)s
FROM raised
RETURNING id, revision, created_at
"""
NEXT_ID = "nextval(pg_get_serial_sequence('messages', 'id'))"
NOW = "greatest(clock_timestamp(), last_message_at + interval '1 microsecond')"
# In the conversation, the message is its newest one, and its author has read everything before.
NEWEST = f", last_message_id = {NEXT_ID}, last_message_at = {NOW}"
IN_CONVERSATION = {"newest": NEWEST, "place": "last_message_id AS new_id, last_message_at AS posted_at"}
IN_THREAD = {"newest": "", "place": f"{NEXT_ID} AS new_id, {NOW} AS posted_at"}
OWN_MEMBERSHIP = """, own_membership AS (
    UPDATE conversation_members
    SET last_read_message_id = raised.new_id,
        last_read_at = raised.posted_at,
        draft = CASE WHEN draft_key = %(client_key)s THEN '' ELSE draft END
    FROM raised WHERE conversation_id = raised.id AND user_id = %(user)s
)"""
# The first message of a thread says how many replies there are, so it changes with each. Its author follows the thread
# from the first reply on, and so do earlier authors of replies, if nobody has followed it yet, as in an import.
THREAD = """, thread AS (
    UPDATE messages SET revision = raised.revision - 1, has_extras = true
    FROM raised WHERE messages.id = %(thread)s AND conversation_id = raised.id
), own_following AS (
    INSERT INTO thread_followers (user_id, message_id, last_read_at)
    SELECT %(user)s, %(thread)s, posted_at FROM raised
    ON CONFLICT (user_id, message_id) DO UPDATE SET last_read_at = excluded.last_read_at, has_unread = false
), following AS (
    UPDATE thread_followers SET has_unread = true
    FROM raised WHERE message_id = %(thread)s AND user_id <> %(user)s
), new_following AS (
    INSERT INTO thread_followers (user_id, message_id, last_read_at, has_unread)
    SELECT user_id, %(thread)s, posted_at - interval '1 microsecond', true
    FROM raised, (
        SELECT user_id FROM messages WHERE id = %(thread)s
        UNION SELECT user_id FROM messages
        WHERE thread_id = %(thread)s AND NOT EXISTS (SELECT FROM thread_followers WHERE message_id = %(thread)s)
    ) AS authors
    WHERE user_id <> %(user)s
    ON CONFLICT DO NOTHING
)"""
# A reply may notify those who follow its thread; any other message the other person, or those who watch.
OUTBOX = """, outgoing AS (
    INSERT INTO outbox (message_id)
    SELECT new_id FROM raised WHERE {condition}
)"""
MAY_NOTIFY = """kind = 'direct' OR EXISTS (
        SELECT FROM conversation_members
        WHERE conversation_id = %(conversation)s AND notify = 'watch' AND user_id <> %(user)s
    )"""
SEEN_THERE, SEEN_IN_THREAD = "mentioning.in_conversation", "mentioning.thread_id = %(thread)s"
SEEN_IN_BOTH = f"{SEEN_THERE} OR {SEEN_IN_THREAD}"
ALONE, REPLY = OWN_MEMBERSHIP + OUTBOX.format(condition=MAY_NOTIFY), THREAD + OUTBOX.format(condition="true")
POST_ALONE = POST.format(may_write=MAY_WRITE, **IN_CONVERSATION, read=SEEN_THERE, more=ALONE)
POST_REPLY = POST.format(may_write=MAY_WRITE, **IN_CONVERSATION, read=SEEN_IN_BOTH, more=OWN_MEMBERSHIP + REPLY)
POST_IN_THREAD = POST.format(may_write=MAY_WRITE, **IN_THREAD, read=SEEN_IN_THREAD, more=REPLY)
REPLY_TARGET_GONE = _("The message you are replying to no longer exists. Send again to post without a reply.")
NOT_SAID = _("The message no longer contains your quote. Send again to post without it.")


class KeyReused(Exception):
    """The client key already belongs to another message."""


class ReplyTargetGone(Exception):
    """The message replied to no longer exists, or does not contain the quote; the argument says which."""


class Posting(models.Model):
    """A conversation in which people post messages."""

    class Meta:
        abstract = True

    def post(
        self,
        by: User,
        text: str,
        client_key: UUID,
        *,
        reply_to: Message | None = None,
        quote: str = "",
        attachments: Sequence[Attachment] = (),
        in_conversation: bool = True,
    ) -> Message:
        """Post a message exactly once: the same `client_key` again returns the existing message.

        `quote` is the part of `reply_to` that it answers; `attachments` come from `Attachment.objects.storing`. Without
        `in_conversation`, a reply is only in its thread.
        Raises NotAllowed for people who may not write here, RefusedText, LimitReached, ReplyTargetGone, and
        KeyReused if the key belongs to a message with another text or in another conversation.
        """
        limits.take("send", by)
        message = self.compose(by, text)
        message.refuse_invisible(text, has_files=bool(attachments))
        message.allow_notifying(by, message.mentioned_names)
        message.client_key = client_key
        message.file_names = " ".join(attachment.name for attachment in attachments)
        message.has_extras = bool(attachments or reply_to)
        message.in_conversation = in_conversation or reply_to is None
        reply(message, by, reply_to, quote)
        return insert_once(message, by, attachments)

    def preview_message(self, by: User, text: str) -> Message:
        """Build the message that posting this text would create, unsaved.

        Raises NotAllowed, LimitReached and RefusedText.
        """
        by.refuse_deactivated()
        limits.take("change", by)
        message = self.compose(by, text)
        message.refuse_invisible(text)
        add_names([message])
        people = message.notified(by)
        message.notified_count = 0 if people is None else people.count()
        return message

    def compose(self, by: User, text: str) -> Message:
        message = Message(conversation_id=self.pk, user=by, content=text)
        Message.conversation.field.set_cached_value(message, self)  # so that it is not loaded again
        message.take_over(message.render(text, by))
        return message

    def find_reply_target(self, message_id: int | None, by: User) -> Message | None:
        """Find the message to reply to; raises ReplyTargetGone if `by` no longer sees it here."""
        if not message_id:
            return None
        found = Message.objects.visible_to(by).filter(conversation=self.pk, pk=message_id).first()
        if found is None:
            raise ReplyTargetGone(REPLY_TARGET_GONE)
        return found


def reply(message: Message, by: User, to: Message | None, quote: str) -> None:
    """Make an unsaved message a reply, in the thread of the message replied to; raises ReplyTargetGone."""
    if to is None:
        return
    is_seen = Message.objects.visible_to(by).filter(conversation=message.conversation_id, pk=to.pk, is_system=False)
    if not is_seen.exists():
        raise ReplyTargetGone(REPLY_TARGET_GONE)
    if not to.says(quote):
        raise ReplyTargetGone(NOT_SAID)
    message.reply_to_id = to.pk
    message.thread_id = to.thread_id or to.pk
    message.quote = quote or None


def insert_once(message: Message, by: User, attachments: Sequence[Attachment]) -> Message:
    """Insert a message with its files and mentions, or find the one that an earlier send with its key inserted."""
    try:
        with together(message, attachments):
            if insert(message, by):
                for attachment in attachments:
                    attachment.message = message
                Attachment.objects.bulk_create(attachments)
                message.record_mentions(by)
                return message
    except IntegrityError:
        pass  # the key is taken, perhaps by the same send a moment ago
    return find_posted(message, by)


def together(message: Message, attachments: Sequence[Attachment]) -> AbstractContextManager:
    """Begin a transaction if there are several statements; a single one needs none, which saves round trips."""
    is_more = connection.in_atomic_block or attachments or message.mentioned_names
    return transaction.atomic() if is_more else nullcontext()


def insert(message: Message, by: User) -> bool:
    """Insert a message and announce it; return whether `by` may write in its conversation."""
    values = {
        "conversation": message.conversation_id,
        "user": by.pk,
        "steps": 2 if message.thread_id else 1,
        "content": message.content,
        "html": message.html,
        "file_names": message.file_names,
        "client_key": message.client_key,
        "reply_to": message.reply_to_id,
        "quote": message.quote,
        "thread": message.thread_id,
        "in_conversation": message.in_conversation,
        "has_extras": message.has_extras,
        "has_link": message.has_link,
        "has_code": message.has_code,
        "plain_text": message.plain_text,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement_for(message), values)
        posted = cursor.fetchone()
    if posted is None:
        return False
    message.pk, message.revision, message.created_at = posted
    announce("conversation", message.conversation_id, message.revision)
    return True


def statement_for(message: Message) -> str:
    if not message.thread_id:
        return POST_ALONE
    return POST_REPLY if message.in_conversation else POST_IN_THREAD


def find_posted(message: Message, by: User) -> Message:
    """Find the message that an earlier send with the same key posted; raise NotAllowed if there is none."""
    found = Message.objects.filter(user=by, client_key=message.client_key).first()
    if found is None:
        raise NotAllowed(WRITERS_MAY)
    if (found.conversation_id, found.posted_content) != (message.conversation_id, message.content):
        raise KeyReused(f"{message.client_key} is the key of message {found.pk}")
    return found
