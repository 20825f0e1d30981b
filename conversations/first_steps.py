"""The first steps suggested to new people: only those that they have not taken."""

from datetime import timedelta

from django.db.models import Exists
from django.utils import timezone

from accounts.models import User, Workspace
from conversations.models import Conversation, Message
from conversations.models.access import Kind

NEW_FOR = timedelta(days=30)
FEW_CONVERSATIONS = 3  # people with as many need no suggestions


def first_steps(user: User, workspace_name: str, inbox: list[Conversation]) -> list[str]:
    """Name the steps, the most useful first; `inbox` is the first page of theirs.

    It executes no statement for people who are not new or have FEW_CONVERSATIONS conversations.
    """
    if len(inbox) >= FEW_CONVERSATIONS or timezone.now() - user.created_at > NEW_FOR:
        return []
    has_company, has_posted, can_join = progress_of(user)
    is_alone = user.is_staff and not has_company
    steps = {
        "name": user.is_owner and workspace_name == Workspace.UNNAMED,
        "invite": is_alone,
        "browse": can_join and not any(each.kind == Kind.OPEN for each in inbox),
        "begin": user.is_staff and not inbox,
        "hello": bool(inbox) and not has_posted,
        "import": user.is_owner and is_alone,
        "picture": not user.picture_digest,
        "zone": user.time_zone == "UTC",
    }
    return [name for name, is_to_do in steps.items() if is_to_do]


def progress_of(user: User) -> tuple[bool, bool, bool]:
    """Return whether there are other people, whether `user` has posted, and whether there are conversations to join."""
    others = User.objects.not_deleted().other_than(user)
    posted = Message.objects.filter(user=user)
    to_join = Conversation.objects.to_join(user)
    return User.objects.filter(pk=user.pk).values_list(Exists(others), Exists(posted), Exists(to_join)).get()
