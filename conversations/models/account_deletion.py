"""Deletion of accounts: the person's messages stay, or are deleted as well and restored with the account.

For some weeks all of it can be undone. Then the account is removed, and the remaining messages have no author.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Audit, NotAllowed, User
from accounts.models.people import UserQuerySet
from conversations.models.access import people_visible_to
from conversations.models.announcing import announce
from conversations.models.conversation.conversation import Conversation
from conversations.models.event.forgetting import forget_name
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.message.message import Message, MessageQuerySet

# Each message gets its own revision, as open pages receive changes in the order of revisions.
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


def delete_account(by: User, person: User, with_words: bool) -> None:
    """Delete the account of `person`, and `with_words` all their messages; raise NotAllowed.

    The person is deactivated first, so that they post nothing meanwhile. The rest is one transaction: if it fails, they
    stay deactivated. Messages are deleted before the account, as a post locks its conversation before its author.
    """
    was_active, moment = person.is_active, timezone.now()
    if with_words and was_active:
        person.deactivate(by)
    with transaction.atomic():
        if with_words:
            allow_deleting(by, person)
            change_words(person, was=None, becomes=moment, by=by)
            Audit.objects.record(by, "deleted the words of", person.username)
        person.delete_by(by, moment, was_active)


def restore_account(by: User, person: User) -> None:
    """Restore a deleted account, with the messages that were deleted with it and no others; raise NotAllowed."""
    allow_deleting(by, person)
    if not person.deleted_at or person.deleted_at < timezone.now() - ADMIN_RESTORE_PERIOD:
        raise NotAllowed(_("This account is not deleted, or was deleted too long ago."))
    with transaction.atomic():
        change_words(person, was=person.deleted_at, becomes=None, by=None)
        person.restore_by(by)


def allow_deleting(by: User, person: User) -> None:
    """Raise NotAllowed unless `by` may delete and restore the account of `person`."""
    if not by.may_manage(person):
        raise NotAllowed(_("Only owners may do that, and admins for people with a lower role."))


def people_to_manage(by: User) -> UserQuerySet:
    """Query the people whom `by` may look up to manage them.

    Raises NotAllowed for members and guests, who do not even learn whether somebody exists.
    """
    if not (by.is_active and by.is_staff):
        raise NotAllowed(_("Only owners and admins can do that."))
    return people_visible_to(by)


def deleted_people(by: User) -> UserQuerySet:
    """Query the people whose accounts are deleted, the latest first; raise NotAllowed for members and guests."""
    if not (by.is_active and by.is_staff):
        raise NotAllowed(_("Only owners and admins can see deleted people."))
    return User.objects.recently_deleted()


def people_to_purge(after: timedelta = ADMIN_RESTORE_PERIOD) -> UserQuerySet:
    """Query the people whose accounts were deleted longer ago than `after`."""
    return User.objects.filter(deleted_at__lte=timezone.now() - after)


def words_to_purge(person: User) -> MessageQuerySet:
    """Query the messages that were deleted with the account of `person`."""
    return Message.objects.filter(user=person, deleted_at=person.deleted_at)


@transaction.atomic
def purge_account(person: User, after: timedelta = ADMIN_RESTORE_PERIOD) -> bool:
    """Remove a deleted account, unless it was restored meanwhile; return whether it was removed.

    Purge the messages that were deleted with it first: afterwards their author is unknown.
    """
    forget_name(person)  # before locking the row of the account
    due = people_to_purge(after).select_for_update().filter(pk=person.pk).first()
    if due:
        due.remove()
    else:
        transaction.set_rollback(True)
    return bool(due)


def change_words(person: User, was: datetime | None, becomes: datetime | None, by: User | None) -> None:
    """Delete or restore all messages of `person` that were deleted at `was`; None means not deleted."""
    theirs = Message.objects.filter(user=person, deleted_at=was)
    wrote_in = Conversation.objects.filter(pk__in=theirs.values("conversation"))
    for conversation in wrote_in.select_for_update().order_by("pk"):
        with connection.cursor() as cursor:
            values = {"conversation": conversation.pk, "user": person.pk, "was": was, "becomes": becomes}
            cursor.execute(CHANGE, {**values, "by": by.pk if by else None})
        conversation.find_newest()
        conversation.touch(showing_words_of(person, conversation))
        conversation.refresh_from_db(fields=["revision"])
        announce("conversation", conversation.pk, conversation.revision)


def showing_words_of(person: User, conversation: Conversation) -> list[int]:
    """Find the messages of others that show a part of a message of `person`: replies, and the first of a thread."""
    shows = Q(reply_to__user=person) | Q(replies__user=person)
    others = conversation.messages.filter(shows).exclude(user=person)
    return list(others.values_list("pk", flat=True).distinct())
