"""The gate: which conversations, and which other people, a person may see, and in which conversations they may write.

- Members see their conversations; owners, admins and members of the workspace also see every open one, guests do not.
- Members who are not read-only may write, unless the conversation is archived.
- Members whose membership has a time, `history_from`, see only messages posted since.
- Nobody sees or writes anything in a deleted conversation, and deactivated people see and write nothing at all.

The rules are implemented several times, for different questions: which rows a person may see, which of many pairs of
person and conversation are allowed, who may see a conversation, and who may post. A test compares them all.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.models.people import UserQuerySet
from conversations.models.conversation.membership import MemberRole, Membership, MembershipQuerySet

WRITERS_MAY = _("Only members who may write can do that, and only until the conversation is archived.")
NO_GUESTS = _("Guests write in the conversations they were added to, and directly to the people there.")


class Kind(models.TextChoices):
    OPEN = "open", _("Open")
    PRIVATE = "private", _("Private")
    DIRECT = "direct", _("Direct")


# What to call a conversation the reader may not see.
UNSEEN = {
    Kind.PRIVATE: _("A private conversation, number %(number)d"),
    Kind.DIRECT: _("A direct conversation, number %(number)d"),
}
# A condition on a row of `conversations`, for the statement that posts.
MAY_WRITE = """archived_at IS NULL AND deleted_at IS NULL AND EXISTS (
        SELECT FROM conversation_members JOIN users ON users.id = user_id
        WHERE conversation_id = %(conversation)s AND user_id = %(user)s AND users.is_active
          AND conversation_members.role <> 'reader'
    )"""


def visible(user: User, conversation: str = "") -> Q:
    """Return a Q of the rows that `user` may see; `conversation` is the lookup to theirs, as "conversation__"."""
    if not user.is_active:  # nor is an anonymous visitor
        return Q(pk__in=[])
    member = Exists(Membership.objects.filter(conversation=OuterRef(f"{conversation}pk"), user=user))
    allowed = Q(member) if user.is_guest else Q(**{f"{conversation}kind": Kind.OPEN}) | member
    return allowed & Q(**{f"{conversation}deleted_at__isnull": True})


def visible_messages(user: User, message: str = "") -> Q:
    """Return a Q of the messages that `user` may see, deleted ones too; `message` is the lookup to them."""
    if not user.is_active:
        return Q(pk__in=[])
    return visible(user, f"{message}conversation__") & within_history(user, message)


def within_history(user: User, message: str = "") -> Q:
    """Return a Q of the messages that are not hidden from `user` for having joined later."""
    there, time = OuterRef(f"{message}conversation"), OuterRef(f"{message}created_at")
    return ~Q(Exists(Membership.objects.with_history_of(user).filter(conversation=there, history_from__gt=time)))


def visible_pairs(
    conversations: models.QuerySet, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], datetime | None]:
    """Return the pairs of ids (user, conversation) in which the user may see the conversation.

    Maps each pair to the time from which the user sees messages, None for all. This is `visible_messages` for many
    people at once, for streams, which stay open while access changes.
    """
    users, wanted = {user for user, _ in pairs}, {conversation for _, conversation in pairs}
    there = {"conversation__in": wanted, "conversation__deleted_at__isnull": True}
    theirs = Membership.objects.filter(user__in=users, **there).values_list("user", "conversation", "history_from")
    members = {(user, conversation): since for user, conversation, since in theirs}
    found = conversations.filter(pk__in=wanted, kind=Kind.OPEN, deleted_at__isnull=True)
    everyones = set(found.values_list("pk", flat=True))
    roles = dict(User.objects.active().filter(pk__in=users).values_list("pk", "role"))
    return {
        (user, conversation): members.get((user, conversation))
        for user, conversation in pairs
        if user in roles
        and ((user, conversation) in members or (conversation in everyones and roles[user] != Role.GUEST))
    }


def readers_of(
    conversation_id: int, kind: str, known_to: User | None = None, posted_at: datetime | None = None
) -> UserQuerySet:
    """Query the people who may see a conversation that is not deleted: the inverse of `visible`.

    With `known_to`, only those whom that person may know of; with `posted_at`, those who see a message of that time.
    """
    people = people_visible_to(known_to) if known_to else User.objects.all()
    members = Membership.objects.filter(conversation=conversation_id, user=OuterRef("pk"))
    if posted_at:
        members = members.filter(Q(history_from__isnull=True) | Q(history_from__lte=posted_at))
    allowed = Q(Exists(members))
    if kind == Kind.OPEN:
        allowed |= ~Q(role=Role.GUEST)
    return people.active().filter(allowed)


def writers() -> MembershipQuerySet:
    """Query the memberships by which people may write: MAY_WRITE, for everything but posting."""
    there = {"conversation__archived_at__isnull": True, "conversation__deleted_at__isnull": True}
    return Membership.objects.active().filter(**there).exclude(role=MemberRole.READER)


def people_visible_to(user: User) -> UserQuerySet:
    """Query the people whom `user` may know of: everyone, but for guests only those in their conversations.

    Deleted accounts are known to owners and admins alone, who can restore them.
    """
    if not user.is_active:
        return User.objects.none()
    here = User.objects.all() if user.is_staff else User.objects.not_deleted()
    if not user.is_guest:
        return here
    mine = Membership.objects.filter(user=user, conversation__deleted_at__isnull=True).values("conversation")
    return here.filter(pk__in=Membership.objects.filter(conversation__in=mine).values("user"))
