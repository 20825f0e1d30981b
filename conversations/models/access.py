"""The kinds of conversation, and who may see which: the one gate in front of everything that people write.

And in front of the people themselves: guests see only those whom they share a conversation with.
"""

from collections.abc import Collection

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.models.people import UserQuerySet
from conversations.models.conversation.membership import Membership

WRITERS_MAY = _("Only members who may write do that, and nobody where a conversation is archived.")
NO_GUESTS = _("Guests talk where they were added, and directly with the people there.")


class Kind(models.TextChoices):
    OPEN = "open", _("Open")
    PRIVATE = "private", _("Private")
    DIRECT = "direct", _("Direct")


# How those that one does not see are called.
UNSEEN = {
    Kind.PRIVATE: _("A private conversation, number %(number)d"),
    Kind.DIRECT: _("A direct conversation, number %(number)d"),
}


def visible_pairs(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Keep those pairs of ids (user, conversation) in which that user may see that conversation.

    It says of many people at once what `visible` says of one, for streams that stay open while things change.
    """
    users, conversations = {user for user, _ in pairs}, {conversation for _, conversation in pairs}
    there = {"conversation__in": conversations, "conversation__deleted_at__isnull": True}
    members = Membership.objects.filter(user__in=users, **there)
    Conversation = Membership.conversation.field.related_model
    kinds = Conversation.objects.filter(pk__in=conversations, kind=Kind.OPEN, deleted_at__isnull=True)
    allowed, everyones = set(members.values_list("user", "conversation")), set(kinds.values_list("pk", flat=True))
    guests = set(User.objects.filter(pk__in=users, role=Role.GUEST).values_list("pk", flat=True))
    return {pair for pair in pairs if pair in allowed or (pair[1] in everyones and pair[0] not in guests)}


def visible(user: User, conversation: str = "") -> Q:
    """Tell which rows `user` may see, given the way from them to their conversation: "conversation__".

    Open conversations are everyone's who is signed in and no guest, the others are their members' alone; deleted ones
    are nobody's.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    member = Exists(Membership.objects.filter(conversation=OuterRef(f"{conversation}pk"), user=user))
    allowed = Q(member) if user.is_guest else Q(**{f"{conversation}kind": Kind.OPEN}) | member
    return allowed & Q(**{f"{conversation}deleted_at__isnull": True})


def readers_of(conversation_id: int, kind: str, known_to: User | None = None) -> UserQuerySet:
    """Query the active people who may see a conversation: what `visible` says, asked from its other side.

    With `known_to`, only those whom that person may know of.
    """
    allowed = Q(Exists(Membership.objects.filter(conversation=conversation_id, user=OuterRef("pk"))))
    if kind == Kind.OPEN:
        allowed |= ~Q(role=Role.GUEST)
    people = people_visible_to(known_to) if known_to else User.objects.all()
    return people.active().filter(allowed)


def people_visible_to(user: User) -> UserQuerySet:
    """Query the people whom `user` may know of: everyone, but for guests only those in their conversations.

    Whose account is deleted is known to owners and admins alone, who can undo that.
    """
    if not user.is_authenticated:
        return User.objects.none()
    here = User.objects.all() if user.is_staff else User.objects.not_deleted()
    if not user.is_guest:
        return here
    mine = Membership.objects.filter(user=user, conversation__deleted_at__isnull=True).values("conversation")
    return here.filter(pk__in=Membership.objects.filter(conversation__in=mine).values("user"))
