"""Typing: who is writing something just now. Nothing of it is stored; it is announced, and seconds later it is over."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.models.people import shown_name
from conversations.models.announcing import announce
from conversations.models.conversation.conversation import Conversation
from conversations.models.conversation.membership import Membership


def announce_typing(conversation: Conversation, user: User) -> None:
    """Tell the members of a conversation, loaded as `user` sees it, that this person is typing there."""
    if not conversation.may_write:
        raise PermissionDenied("Only members who may write do that.")
    announce("typing", conversation.pk, user.pk)


def names_of_members(conversation: int, users: Collection[int]) -> dict[int, str]:
    """Query how those of `users` are called who are members of a conversation."""
    members = Membership.objects.active().filter(conversation=conversation, user__in=users)
    return dict(members.annotate(name=shown_name("user__")).values_list("user_id", "name"))
