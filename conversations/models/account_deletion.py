"""What becomes of somebody's words when their account is deleted: they stay, or they go as well, and come back with it.

For some weeks all of it can be undone. Then the account is removed for good, and what stays is under nobody's name.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Audit, User
from accounts.models.people import UserQuerySet
from conversations.models.announcing import announce
from conversations.models.conversation.conversation import Conversation
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.message.message import Message, MessageQuerySet

# Each message gets a revision of its own, as pages that are open are told of changes in their order.
CHANGE = """
WITH theirs AS (
    SELECT id, row_number() OVER (ORDER BY revision, id) AS nth FROM messages
    WHERE conversation_id = %(conversation)s AND user_id = %(user)s AND deleted_at IS NOT DISTINCT FROM %(was)s
), raised AS (
    UPDATE conversations SET revision = revision + (SELECT count(*) FROM theirs) WHERE id = %(conversation)s
    RETURNING revision - (SELECT count(*) FROM theirs) AS before
)
UPDATE messages SET deleted_at = %(becomes)s, deleted_by_id = %(by)s, revision = before + nth
FROM theirs, raised WHERE messages.id = theirs.id
"""


def delete_account(person: User, by: User, with_words: bool) -> None:
    """Delete the account of `person`, and `with_words` all they wrote; raise PermissionDenied.

    The person is kept out first, so that they say nothing meanwhile. The rest is one transaction: where it fails, they
    are deactivated and no more. Words go before the account, as a post locks its conversation before its author.
    """
    was_active, moment = person.is_active, timezone.now()
    if with_words and was_active:
        person.deactivate(by)
    with transaction.atomic():
        if with_words:
            refuse_others(person, by)
            change_words(person, was=None, becomes=moment, by=by)
            Audit.objects.record(by, "deleted the words of", person.username)
        person.delete_by(by, moment, was_active)


def restore_account(person: User, by: User) -> None:
    """Give a deleted account back, with the words that went with it and no others; raise PermissionDenied."""
    refuse_others(person, by)
    if not person.deleted_at or person.deleted_at < timezone.now() - ADMIN_RESTORE_PERIOD:
        raise PermissionDenied(_("This account is not deleted, or for too long."))
    with transaction.atomic():
        change_words(person, was=person.deleted_at, becomes=None, by=None)
        person.restore_by(by)


def people_to_purge(after: timedelta = ADMIN_RESTORE_PERIOD) -> UserQuerySet:
    """Query the people whose accounts were deleted longer ago than `after`."""
    return User.objects.filter(deleted_at__lte=timezone.now() - after)


def words_to_purge(person: User) -> MessageQuerySet:
    """Query the messages that were deleted with the account of `person`."""
    return Message.objects.filter(user=person, deleted_at=person.deleted_at)


@transaction.atomic
def finish(person: User, after: timedelta = ADMIN_RESTORE_PERIOD) -> bool:
    """Remove a deleted account for good, unless that was undone meanwhile; tell whether it is gone.

    What had been deleted with it has to be purged before: afterwards nothing says any more whose it was.
    """
    due = people_to_purge(after).select_for_update().filter(pk=person.pk).first()
    if due:
        due.remove()
    return bool(due)


def refuse_others(person: User, by: User) -> None:
    if not by.may_manage(person):
        raise PermissionDenied(_("Only owners, and admins below them, do that."))


def change_words(person: User, was: datetime | None, becomes: datetime | None, by: User | None) -> None:
    """Delete or restore all messages of `person` that `was` deleted then, None for not at all."""
    theirs = person.messages.filter(deleted_at=was) if was else person.messages.not_deleted()
    values = {"user": person.pk, "was": was, "becomes": becomes, "by": by and by.pk}
    wrote_in = Conversation.objects.filter(pk__in=theirs.values("conversation"))
    for conversation in wrote_in.select_for_update().order_by("pk"):
        with connection.cursor() as cursor:
            cursor.execute(CHANGE, values | {"conversation": conversation.pk})
        conversation.find_newest()
        conversation.touch(others_that_show(conversation.messages, person))
        conversation.refresh_from_db(fields=["revision"])
        announce("conversation", conversation.pk, conversation.revision)


def others_that_show(messages: MessageQuerySet, person: User) -> list[int]:
    """Find the messages of others that show a part of what `person` wrote: answers, and the first of a thread."""
    shows = Q(reply_to__user=person) | Q(replies__user=person)
    return list(messages.filter(shows).exclude(user=person).values_list("pk", flat=True).distinct())
