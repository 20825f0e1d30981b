"""The first steps of somebody who came lately: what is really to do, and nothing that is done."""

from datetime import timedelta

from django.db.models import Exists
from django.utils import timezone

from accounts.models import User, Workspace
from conversations.models import Conversation, Message
from conversations.models.access import Kind

LATELY = timedelta(days=30)
FEW = 3  # who is in as many conversations has begun, and is asked about no more


def first_steps(user: User, inbox: list[Conversation]) -> list[str]:
    """Name the steps, the most useful first; `inbox` is the first page of theirs. Who has begun costs no statement."""
    if len(inbox) >= FEW or timezone.now() - user.created_at > LATELY:
        return []
    has_company, has_spoken, has_open_ones = facts(user)
    is_alone = user.is_staff and not has_company
    steps = {
        "name": user.is_owner and user.workspace_name == Workspace.UNNAMED,
        "invite": is_alone,
        "browse": has_open_ones and not any(each.kind == Kind.OPEN for each in inbox),
        "begin": user.is_staff and not inbox,
        "hello": bool(inbox) and not has_spoken,
        "import": user.is_owner and is_alone,
        "picture": not user.picture_digest,
        "zone": user.time_zone == "UTC",
    }
    return [name for name, is_to_do in steps.items() if is_to_do]


def facts(user: User) -> tuple[bool, bool, bool]:
    """Ask whether others are here, whether `user` has said anything, and whether there is something to join."""
    others = User.objects.not_deleted().other_than(user)
    said = Message.objects.filter(user=user)
    to_join = Conversation.objects.to_join(user)
    return User.objects.filter(pk=user.pk).values_list(Exists(others), Exists(said), Exists(to_join)).get()
