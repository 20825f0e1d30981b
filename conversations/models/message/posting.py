"""How a message is posted: exactly once, whatever the network or the sender does."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models.access import WRITERS_MAY
from conversations.models.announcing import announce
from conversations.models.message.attachment import Attachment
from conversations.models.message.mention import Mention, mentionable_names
from conversations.text import markdown

if TYPE_CHECKING:
    from conversations.models import Conversation, Message
    from conversations.models.message.message import MessageQuerySet

# One statement, so that all of it happens or nothing. The conversation is raised first: its row lock orders all that
# happens in it, and taken after the insert it would turn the locks of the foreign keys into multixacts, under which 32
# writers fell to a sixth of their speed. No row comes back where the author may not write or it is archived.
POST = """
WITH raised AS (
    UPDATE conversations
    SET revision = revision + %(steps)s,
        last_message_id = nextval(pg_get_serial_sequence('messages', 'id')),
        last_message_at = greatest(clock_timestamp(), last_message_at + interval '1 microsecond')
    WHERE id = %(conversation)s AND archived_at IS NULL AND deleted_at IS NULL AND EXISTS (
        SELECT FROM conversation_members
        WHERE conversation_id = %(conversation)s AND user_id = %(user)s AND role <> 'reader'
    )
    RETURNING id, revision, last_message_id, last_message_at
), own_membership AS (
    UPDATE conversation_members
    SET last_read_message_id = raised.last_message_id,
        last_read_at = raised.last_message_at,
        draft = CASE WHEN draft_key = %(client_key)s THEN '' ELSE draft END
    FROM raised WHERE conversation_id = raised.id AND user_id = %(user)s
), own_mentions AS (
    UPDATE mentions SET seen_at = clock_timestamp()
    FROM raised WHERE conversation_id = raised.id AND user_id = %(user)s AND seen_at IS NULL
){thread}
INSERT INTO messages (
    id, conversation_id, user_id, content, html, file_names, client_key, revision, created_at, reply_to_id, quote,
    thread_id, has_extras
)
SELECT last_message_id, id, %(user)s, %(content)s, %(html)s, %(file_names)s, %(client_key)s, revision,
       last_message_at, %(reply_to)s, %(quote)s, %(thread)s, %(has_extras)s
FROM raised
RETURNING id, revision, created_at
"""
# The first message of a thread says how many replies there are, so it changes with each.
THREAD = """, thread AS (
    UPDATE messages SET revision = raised.revision - 1, has_extras = true
    FROM raised WHERE messages.id = %(thread)s AND conversation_id = raised.id
)"""
POST_ALONE, POST_REPLY = POST.format(thread=""), POST.format(thread=THREAD)


GONE = _("What you answer is not here any more. Send again to post your words alone.")


class KeyReused(Exception):
    """The key of this send already belongs to another message."""


class ReplyTargetGone(Exception):
    """What this message answers is not there any more, or does not say what is quoted; the argument says which."""


def post(
    messages: "MessageQuerySet",
    conversation: "Conversation",
    author: User,
    content: str,
    client_key: UUID,
    *,
    reply_to: "Message | None",
    quote: str,
    attachments: Sequence[Attachment],
) -> "Message":
    """Write a message exactly once; see `MessageQuerySet.post`."""
    html = markdown.render(content, mentionable_names(conversation, content, author)) if content else ""
    fields = {"content": content, "html": html, "client_key": client_key}
    fields |= place_of(conversation, reply_to, quote) | {"has_extras": bool(attachments or reply_to)}
    fields["file_names"] = " ".join(attachment.name for attachment in attachments)
    try:
        with together(attachments, content):
            message = insert(messages, conversation, author, fields)
            if message:
                for attachment in attachments:
                    attachment.message = message
                Attachment.objects.bulk_create(attachments)
                Mention.objects.record(message)
    except IntegrityError:  # the key is taken, perhaps by the same send a moment ago
        message = None
    return message or posted_before(messages, conversation, author, content, client_key)


def place_of(conversation: "Conversation", reply_to: "Message | None", quote: str) -> dict[str, Any]:
    """Say what a reply answers, which has to be here to be answered, and which thread it belongs to."""
    if reply_to is None:
        return {"reply_to_id": None, "quote": None, "thread_id": None}
    if reply_to.conversation_id != conversation.pk or reply_to.deleted_at or reply_to.is_system:
        raise ReplyTargetGone(GONE)
    if not reply_to.says(quote):
        raise ReplyTargetGone(_("The message does not say what you quote. Send again to post your words alone."))
    return {"reply_to_id": reply_to.pk, "quote": quote or None, "thread_id": reply_to.thread_id or reply_to.pk}


def together(attachments: Sequence[Attachment], content: str) -> Any:
    """Begin a transaction where there is more to write than one statement, which needs none and no more round trips."""
    return transaction.atomic() if connection.in_atomic_block or attachments or "@" in content else nullcontext()


def insert(
    messages: "MessageQuerySet", conversation: "Conversation", author: User, fields: dict[str, Any]
) -> "Message | None":
    values = fields | {"conversation": conversation.pk, "user": author.pk, "steps": 2 if fields["thread_id"] else 1}
    values |= {"reply_to": fields["reply_to_id"], "thread": fields["thread_id"]}
    with connection.cursor() as cursor:
        cursor.execute(POST_REPLY if fields["thread_id"] else POST_ALONE, values)
        posted = cursor.fetchone()
    if posted is None:
        return None
    pk, revision, created_at = posted
    announce("conversation", conversation.pk, revision)
    own = {"pk": pk, "conversation": conversation, "user": author, "revision": revision, "created_at": created_at}
    return messages.model(**own, **fields)


def posted_before(
    messages: "MessageQuerySet", conversation: "Conversation", author: User, content: str, client_key: UUID
) -> "Message":
    message = messages.filter(user=author, client_key=client_key).first()
    if message is None:
        raise PermissionDenied(WRITERS_MAY)
    if (message.conversation_id, message.posted_content) != (conversation.pk, content):
        raise KeyReused(f"{client_key} is the key of message {message.pk}")
    return message
