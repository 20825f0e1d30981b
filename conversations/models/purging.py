"""Purging: permanently removing what was deleted long ago, with its files and wherever else its text was shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.template.defaultfilters import pluralize

from accounts.models import Audit
from conversations.models.account_deletion import people_to_purge, purge_account
from conversations.models.attachment import file_store, stored_file
from conversations.models.attachment.attachment import Attachment
from conversations.models.conversation.conversation import Conversation
from conversations.models.conversation.former_member import FormerMember
from conversations.models.message.message import Message, MessageQuerySet
from conversations.models.search.vocabulary import SearchWord, clean_pending_list

# Whoever posts to a conversation waits for its lock. So a purge takes it for single statements, not while rows are
# removed, and shows few replies again at once, as each gets new entries in all indexes.
BATCH_MESSAGES, BATCH_REPLIES = 100, 10
# Without waiting for the disk, as a later commit of the purge does: WAL keeps the order.
EXPIRE = """
UPDATE conversations SET oldest_cursor = greatest(oldest_cursor, %(revision)s)
FROM set_config('synchronous_commit', 'off', true) WHERE id = %(conversation)s
"""


@dataclass
class Purged:
    """How many messages and files were purged, and how many rows and files remain of them: none, or it is a bug."""

    messages: int = 0
    files: int = 0
    remaining: int = 0


def purge_deleted(after: timedelta) -> Purged:
    """Permanently remove the messages, conversations and accounts deleted longer ago than `after`.

    Messages are purged first, so that none are left of a conversation or an account when it is purged. Raises
    ForeignStore where the files belong to another database.
    """
    file_store.ensure_ours()
    purged = purge_messages(Message.objects.to_purge(after))
    for conversation in Conversation.objects.to_purge(after):
        purge_conversation(conversation, purged)
    for person in people_to_purge(after):
        purge_account(person, after)
    FormerMember.objects.forget()
    finish(purged)
    return purged


def purge_message(message: Message) -> Purged:
    """Permanently remove one deleted message now; if it was restored meanwhile, it stays. Raises ForeignStore."""
    file_store.ensure_ours()
    purged = purge_messages(Message.objects.filter(pk=message.pk))
    finish(purged)
    return purged


def finish(purged: Purged) -> None:
    """Forget the words of purged messages, even of an interrupted run; free their space, and write an audit line."""
    SearchWord.objects.forget_unused()
    if purged.messages:
        vacuum()
        Audit.objects.record(None, "purged", f"{purged.messages} message{pluralize(purged.messages)}")


def purge_messages(messages: MessageQuerySet) -> Purged:
    """Permanently remove the deleted ones among these messages; it can be repeated after an interruption."""
    purged, deleted = Purged(), messages.filter(deleted_at__isnull=False)
    conversations = deleted.order_by("conversation").values_list("conversation", flat=True)
    for conversation in Conversation.objects.filter(pk__in=conversations.distinct()):
        purge_from(conversation, deleted.filter(conversation=conversation), purged)
    return purged


def purge_conversation(conversation: Conversation, purged: Purged) -> None:
    """Permanently remove a conversation that was deleted long ago, with all its messages.

    If somebody restores it meanwhile, its remaining messages stay.
    """
    same = Conversation.objects.filter(pk=conversation.pk, deleted_at=conversation.deleted_at)
    purge_from(conversation, Message.objects.filter(conversation__in=same), purged)
    with transaction.atomic():
        if found := same.select_for_update().first():
            Audit.objects.record(None, "purged", f"conversation {conversation.pk}")
            found.delete()


def purge_from(conversation: Conversation, messages: MessageQuerySet, purged: Purged) -> None:
    while messages.exists():
        ids, keys = purge_batch(conversation, messages)
        purged.messages += len(ids)
        purged.files += len(keys)
        purged.remaining += count_remaining(ids, keys)


def purge_batch(conversation: Conversation, messages: MessageQuerySet) -> tuple[list[int], list[str]]:
    """Remove messages of one conversation, their quotes and their files; return their ids and the keys of the files."""
    found = dict(messages.values_list("pk", "revision")[:BATCH_MESSAGES])
    detach_replies(conversation, found)
    expire_cursors(conversation, max(found.values(), default=0))
    with transaction.atomic():
        if conversation.deleted_at:  # keep it from being restored: nobody waits to post there
            conversation.row().select_for_update().get()
        # A message restored a moment ago is not among them.
        ids = list(messages.filter(pk__in=found).select_for_update(of=("self",)).values_list("pk", flat=True))
        keys = Attachment.objects.keys_of(ids)
        Message.objects.filter(reply_to__in=ids).update(reply_to=None, quote=None)  # posted a moment ago
        Message.objects.filter(thread__in=ids).update(thread=None, in_conversation=True)
        Message.objects.filter(pk__in=ids).delete()
        transaction.on_commit(lambda: stored_file.remove(keys))
    return ids, keys


def detach_replies(conversation: Conversation, messages: Collection[int]) -> None:
    """Remove from other messages that they reply to these, and what they quote; show them again.

    Replies without a thread are in the conversation, or nothing would show them.
    """
    others, was_thread = Message.objects.exclude(pk__in=messages), False
    while followers := list(others.filter(thread__in=messages).values_list("pk", flat=True)[:BATCH_MESSAGES]):
        was_thread = bool(Message.objects.filter(pk__in=followers).update(thread=None, in_conversation=True))
    if was_thread:
        with conversation.changing():
            conversation.find_newest()
    while replies := list(others.filter(reply_to__in=messages).values_list("pk", flat=True)[:BATCH_REPLIES]):
        Message.objects.filter(pk__in=replies).update(reply_to=None, quote=None)
        clean_pending_list()
        with conversation.changing():
            conversation.touch(replies)


def expire_cursors(conversation: Conversation, revision: int) -> None:
    """Make clients that missed the deletion of messages up to `revision` reload: they can no longer catch up."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRE, {"conversation": conversation.pk, "revision": revision})


def count_remaining(ids: list[int], keys: Iterable[str]) -> int:
    """Count the remains of purged messages: rows in any table that refer to them, and files."""
    rows = 0
    with connection.cursor() as cursor:
        for table, column in columns_naming_messages():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = ANY(%s)", [ids])  # noqa: S608 – our models
            rows += cursor.fetchone()[0]
    return rows + stored_file.count(keys)


def columns_naming_messages() -> list[tuple[str, str]]:
    """List the columns that hold ids of messages, as (table, column)."""
    columns = [(Message._meta.db_table, "id")]
    for relation in Message._meta.related_objects:
        field = relation.field
        columns.append((field.model._meta.db_table, str(field.column)))
    return columns


def vacuum() -> None:
    """Free the space of purged rows, which holds their words until it is used again."""
    if connection.in_atomic_block:
        return  # autovacuum does it later
    tables = {SearchWord._meta.db_table, *(table for table, _ in columns_naming_messages())}
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {', '.join(sorted(tables))}")
