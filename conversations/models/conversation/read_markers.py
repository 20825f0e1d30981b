"""Read markers: up to where a member has read. Mentions before the marker are marked as seen."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import DateTimeField, OuterRef, Subquery, Value
from django.db.models.functions import Greatest

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.announcing import announce
from conversations.models.conversation.changing import DEACTIVATED, Changing
from conversations.models.conversation.membership import Membership, MembershipQuerySet
from conversations.models.group_call import GroupCall
from conversations.models.message.message import Message
from conversations.models.thread.follower import read_in_conversation
from conversations.text.cursors import MICROSECOND

# Moving the read marker also marks the mentions up to it as seen, and those after it as unseen, except for mentions in
# replies that are only in their thread.
SEE = """
UPDATE mentions SET seen_at = clock_timestamp() FROM messages
WHERE mentions.user_id = %(user)s AND mentions.conversation_id = %(conversation)s AND seen_at IS NULL
  AND messages.id = message_id AND in_conversation AND created_at <= %(moment)s
"""
UNSEE = """
UPDATE mentions SET seen_at = NULL FROM messages
WHERE mentions.user_id = %(user)s AND mentions.conversation_id = %(conversation)s AND seen_at IS NOT NULL
  AND messages.id = message_id AND in_conversation AND created_at > %(moment)s
"""


class ReadMarkers(Changing):
    """Reading a conversation up to a message, and undoing it."""

    class Meta:
        abstract = True

    def mark_read(self, by: User, message: Message) -> bool:
        """Move the read marker of `by` up to `message`, never back; return whether that changed anything.

        A new mention can be before the marker, if an edit added it, and can mention people who are not members, in an
        open conversation.
        """
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        # A message posted after a silent one may have an earlier time; it is sure to be later only than the newest that
        # counts. So a silent message moves the marker no further than that.
        moment = min(message.created_at, self.last_message_at) if message.is_silent else message.created_at
        behind = Membership.objects.filter(conversation=self.pk, user=by, last_read_at__lt=past_calls(moment))
        return move(behind, by, self.pk, moment, message.pk, SEE)

    def mark_unread(self, by: User, message: Message) -> bool:
        """Move the read marker of `by` back to right before `message`; return whether that changed anything."""
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        return move_back(by, message)


def past_calls(moment: datetime) -> Greatest:
    """Return where a read marker stands if it is moved up to `moment`, as an expression on memberships.

    At the end of a conversation it passes the group calls that edits made later.
    """
    ended = {"conversation": OuterRef("conversation"), "conversation__last_message_at__lte": moment}
    calls = GroupCall.objects.filter(**ended).order_by("-called_at").values("called_at")
    return Greatest(Value(moment, DateTimeField()), Subquery(calls[:1]))


def move_back(user: User, message: Message) -> bool:
    """Move the read marker of `user` back to right before `message`, if it is past that."""
    conversation = message.conversation_id
    past = Membership.objects.filter(conversation=conversation, user=user, last_read_at__gte=message.created_at)
    earlier = Message.objects.filter(conversation=conversation).of_timeline().newest_first().beyond(message.cursor)
    before = earlier.values_list("pk", flat=True).first()
    return move(past, user, conversation, message.created_at - MICROSECOND, before, UNSEE)


def move(
    membership: MembershipQuerySet,
    user: User,
    conversation: int,
    moment: datetime,
    message: int | None,
    mentions: str,
) -> bool:
    """Set the read marker of a membership, change the mentions with it, and announce it to the devices of `user`.

    Returns False if nothing changed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        marker = past_calls(moment) if mentions == SEE else moment
        moved = membership.update(last_read_at=marker, last_read_message_id=message)
        cursor.execute(mentions, {"user": user.pk, "conversation": conversation, "moment": moment})
        changed = bool(moved or cursor.rowcount)
        if mentions == SEE:
            changed = read_in_conversation(user.pk, conversation, moment) or changed
        if changed:
            announce("read", conversation, user.pk)
    return changed
