"""Purging: permanently removing what was deleted long ago, with its files and wherever else its text was shown."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.template.defaultfilters import pluralize

from accounts.models import Audit
from conversations.models.account_deletion import people_to_purge, purge_account
from conversations.models.attachment import file_store, stored_file
from conversations.models.attachment.attachment import Attachment
from conversations.models.conversation.conversation import Conversation
from conversations.models.conversation.former_member import FormerMember
from conversations.models.message.message import Message, MessageQuerySet
from conversations.models.search.vocabulary import SearchWord

# Nobody can post to a conversation while a batch of its messages is purged: so a batch is as large as takes so long.
HELD_SECONDS = 0.02
MIN_BATCH_MESSAGES, MAX_BATCH_MESSAGES = 10, 500  # for less, a transaction costs as much


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
    size = MIN_BATCH_MESSAGES
    while messages.exists():
        ids, keys, seconds = purge_batch(conversation, messages, size)
        size = next_size(size, seconds)
        purged.messages += len(ids)
        purged.files += len(keys)
        purged.remaining += count_remaining(ids, keys)


def next_size(size: int, seconds: float) -> int:
    """Choose the size of the next batch so that it holds the lock as long as it may, after one that took `seconds`."""
    fitting = int(size * HELD_SECONDS / max(seconds, 0.0001))
    return max(MIN_BATCH_MESSAGES, min(fitting, 2 * size, MAX_BATCH_MESSAGES))


def purge_batch(conversation: Conversation, messages: MessageQuerySet, size: int) -> tuple[list[int], list[str], float]:
    """Remove messages of one conversation, their quotes and their files.

    Return their ids, the keys of the files, and how many seconds the lock of the conversation was held.
    """
    found = list(messages.values_list("pk", flat=True)[:size])
    keys_of = defaultdict(list)
    for message, key in Attachment.objects.filter(message__in=found).values_list("message", "key"):
        keys_of[message].append(key)
    has_replies = Message.objects.filter(reply_to__in=found).exclude(pk__in=found).exists()
    released: list[float] = []
    with conversation.changing():
        began = time.monotonic()
        transaction.on_commit(lambda: released.append(time.monotonic()))  # before what else follows the commit
        # Under the lock that restoring takes as well: a message restored a moment ago is not among them.
        last = dict(messages.filter(pk__in=found).values_list("pk", "revision"))
        expire_cursors(conversation, max(last.values(), default=0))
        if has_replies:
            forget_quotes(conversation, last)
        Message.objects.filter(pk__in=last).delete()
        keys = [key for message in last for key in keys_of[message]]
        transaction.on_commit(lambda: stored_file.remove(keys))
    return list(last), keys, (released or [time.monotonic()])[0] - began


def forget_quotes(conversation: Conversation, messages: Collection[int]) -> None:
    """Remove what other messages quote of these."""
    replies = Message.objects.filter(reply_to__in=messages).exclude(pk__in=messages)
    changed = list(replies.values_list("pk", flat=True))
    replies.update(quote=None)
    conversation.touch(changed)


def expire_cursors(conversation: Conversation, revision: int) -> None:
    """Make clients that missed the deletion of messages up to `revision` reload: they can no longer catch up."""
    conversation.row().update(oldest_cursor=Greatest(F("oldest_cursor"), revision))


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
