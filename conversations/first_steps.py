"""The first steps suggested to new people: only those that they have not taken."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User, Workspace
from conversations.models import Conversation, Message
from conversations.models.access import Kind
from conversations.models.counting import CappedCount

NEW_FOR = timedelta(days=30)
FEW_CONVERSATIONS = 3  # members with as many need no suggestions
TEAM = 3  # people; with fewer, a workspace is not in use yet


def first_steps(user: User, workspace_name: str, inbox: list[Conversation]) -> list[str]:
    """Name the steps, the most useful first; `inbox` is the first page of theirs.

    They end with three people talking. It executes no statement for people who are not new, or have FEW_CONVERSATIONS
    conversations and no workspace to set up.
    """
    if timezone.now() - user.created_at > NEW_FOR or (len(inbox) >= FEW_CONVERSATIONS and not user.is_owner):
        return []
    people, talking, has_posted, can_join = progress_of(user)
    steps = {
        "name": user.is_owner and workspace_name == Workspace.UNNAMED,
        "begin": user.is_staff and not inbox,
        "hello": bool(inbox) and not has_posted,
        "invite": user.is_staff and people < TEAM,
        "talk": user.is_owner and has_posted and people >= TEAM > talking,
        "browse": can_join and not any(each.kind == Kind.OPEN for each in inbox),
        "import": user.is_owner and people < TEAM,
        "picture": not user.picture_digest,
        "zone": user.time_zone == "UTC",
    }
    return [name for name, is_to_do in steps.items() if is_to_do]


def progress_of(user: User) -> tuple[int, int, bool, bool]:
    """Return how many people are here and have posted, up to TEAM, and whether `user` has posted, and can join more."""
    people = User.objects.active().can_sign_in()
    posted = Message.objects.filter(user=OuterRef("pk"))
    mine = Message.objects.filter(user=user)
    counts = (CappedCount(people, TEAM), CappedCount(people.filter(Exists(posted)), TEAM))
    to_join = Exists(Conversation.objects.to_join(user))
    return User.objects.filter(pk=user.pk).values_list(*counts, Exists(mine), to_join).get()
