"""Purging: what was deleted long ago goes for good, with its files and wherever else its text was shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Max
from django.db.models.functions import Greatest, Now

from accounts.models import Audit
from conversations.models.conversation.conversation import Conversation
from conversations.models.message.attachment import Attachment
from conversations.models.message.deleting import ADMIN_RESTORE_PERIOD
from conversations.models.message.earlier_text import EarlierText
from conversations.models.message.message import Message, MessageQuerySet
from conversations.models.search.vocabulary import SearchWord

BATCH = 500


@dataclass
class Purged:
    """How many messages and files are gone, and what is left of them: nothing, or something is wrong."""

    messages: int = 0
    files: int = 0
    left: int = 0


def due(after: timedelta = ADMIN_RESTORE_PERIOD) -> MessageQuerySet:
    """Query the messages that were deleted longer ago than `after`."""
    return Message.objects.filter(deleted_at__lte=Now() - after)


def purge(messages: MessageQuerySet, done: Purged | None = None) -> Purged:
    """Remove these messages, which have to be deleted ones, for good; interrupted, it goes on when it is run again."""
    done = done or Purged()
    places = messages.filter(deleted_at__isnull=False).order_by("conversation").values_list("conversation", flat=True)
    for place in Conversation.objects.filter(pk__in=places.distinct()):
        purge_from(place, messages.filter(conversation=place, deleted_at__isnull=False), done)
    return done


def purge_conversation(place: Conversation, done: Purged) -> None:
    """Remove a conversation that was deleted long ago for good, with all that was ever said in it.

    Where somebody brings it back meanwhile, what is left of it stays.
    """
    same = Conversation.objects.filter(pk=place.pk, deleted_at=place.deleted_at)
    purge_from(place, Message.objects.filter(conversation__in=same), done)
    with transaction.atomic():
        if still := same.select_for_update().first():
            Audit.objects.record(None, "purged", f"conversation {place.pk}")
            still.delete()


def purge_from(place: Conversation, wanted: MessageQuerySet, done: Purged) -> None:
    while wanted.exists():
        ids, keys = purge_batch(place, wanted)
        done.messages += len(ids)
        done.files += len(keys)
        done.left += left_of(ids, keys)


def purge_batch(place: Conversation, wanted: MessageQuerySet) -> tuple[list[int], list[str]]:
    """Remove messages of one conversation and what quotes them; return their ids and the keys of their files.

    The files are gone too.
    """
    with place.changing():
        # Under the lock that restoring takes as well: what came back a moment ago is wanted no more.
        ids = list(wanted.values_list("pk", flat=True)[:BATCH])
        gone = Message.objects.filter(pk__in=ids)
        keys = Attachment.objects.keys_of(ids)
        words = SearchWord.objects.of(texts_of(gone))
        # Who has not heard that they are deleted can't be told any more.
        last = gone.aggregate(last=Max("revision"))["last"]
        Conversation.objects.filter(pk=place.pk).update(oldest_cursor=Greatest(F("oldest_cursor"), last))
        answers = Message.objects.filter(reply_to__in=ids).exclude(pk__in=ids)
        shown = list(answers.values_list("pk", flat=True))
        answers.update(quote=None)
        gone.delete()
        SearchWord.objects.forget(words)
        place.touch(shown)
        transaction.on_commit(lambda: Attachment.objects.remove_files(keys))
    return ids, keys


def texts_of(messages: MessageQuerySet) -> list[str]:
    """List all that these messages say, or said before they were edited, and how their files are called."""
    earlier = EarlierText.objects.filter(message__in=messages).values_list("content", flat=True)
    return [*earlier, *(text for said in messages.values_list("content", "file_names") for text in said)]


def left_of(ids: list[int], keys: Iterable[str]) -> int:
    """Count what is still there of messages that were purged: rows anywhere that name them, and files."""
    rows = 0
    with connection.cursor() as cursor:
        for table, column in naming():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = ANY(%s)", [ids])  # noqa: S608 – our models
            rows += cursor.fetchone()[0]
    return rows + Attachment.objects.count_files(keys)


def naming() -> list[tuple[str, str]]:
    """List the columns that name messages, as (table, column)."""
    own = (Message._meta.db_table, Message._meta.pk.column)
    return [own] + [
        (relation.related_model._meta.db_table, relation.field.column) for relation in Message._meta.related_objects
    ]


def vacuum() -> None:
    """Let go of the room that purged rows took, in which their words still lie until it is used again."""
    if connection.in_atomic_block:
        return  # PostgreSQL does it by itself, later
    tables = {SearchWord._meta.db_table, *(table for table, _ in naming())}
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {', '.join(sorted(tables))}")
