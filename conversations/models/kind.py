"""The kinds of conversation, and who may see which: the one gate in front of everything that people write."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from conversations.models.membership import Membership


class Kind(models.TextChoices):
    OPEN = "open", "Open"
    PRIVATE = "private", "Private"
    DIRECT = "direct", "Direct"


def visible(user: User, kind: str, conversation: str) -> Q:
    """Tell which rows `user` may see, given the names of their fields for the conversation's kind and id.

    Open conversations are everyone's who is signed in, the others are their members' alone.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    member = Exists(Membership.objects.filter(conversation=OuterRef(conversation), user=user))
    return Q(**{kind: Kind.OPEN}) | member
