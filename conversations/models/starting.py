"""Starting conversations."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from accounts.models.user.name import visible_name
from conversations.models.access import NO_GUESTS, Kind, people_visible_to
from conversations.models.conversation.changing import DEACTIVATED
from conversations.models.newcomers import Newcomers

MAX_DIRECT_PEOPLE = 9


class Starting(Newcomers):
    """The verbs that start a conversation."""

    def start(self, by: User, title: str, kind: str, people: Collection[User] = (), topic: str = "") -> Any:
        """Start an open or private conversation owned by `by`, with `people` in it; raise NotAllowed."""
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        if by.is_guest:
            raise NotAllowed(NO_GUESTS)
        title, topic = visible_name(title), visible_name(topic)
        with transaction.atomic():
            conversation = self.create(created_by=by, title=title, kind=kind, topic=topic)
            conversation.admit({by, *people}, owner=by)
        return conversation

    def start_for(self, by: User, conversation: Any, people: Collection[User]) -> None:
        """Start a conversation with exactly `people` as its members, for owners and admins of the workspace.

        `by` need not be among them. Raises NotAllowed, also for a title or topic that nobody could see.
        """
        take("change", by)
        if not (by.is_active and by.is_staff):
            raise NotAllowed(_("Only owners and admins can do that."))
        for name in (conversation.title or "", conversation.topic):
            visible_name(name)
        with transaction.atomic():
            conversation.created_by = by
            conversation.save(force_insert=True)
            conversation.admit(people)

    def direct(self, by: User, people: Collection[User]) -> Any:
        """Find the direct conversation of `by` and `people`, or start it; raise NotAllowed."""
        take("change", by)
        members = {by, *people}
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        if members == {by}:
            raise NotAllowed(_("You can’t start a conversation with yourself."))
        if len(members) > MAX_DIRECT_PEOPLE:
            words = _("A direct conversation has 2 to %(most)d people.")
            raise NotAllowed(words % {"most": MAX_DIRECT_PEOPLE})
        known = people_visible_to(by).filter(pk__in=[person.pk for person in members])
        if by.is_guest and known.count() < len(members):
            raise NotAllowed(NO_GUESTS)
        return self.direct_among(members, created_by=by)

    @transaction.atomic
    def direct_among(self, members: Collection[User], created_by: User) -> Any:
        """Find or start the direct conversation of `members`, without a permission check: for imports."""
        conversation, is_new = self.get_or_create(
            direct_key=direct_key(members), defaults={"kind": Kind.DIRECT, "created_by": created_by}
        )
        if is_new:
            conversation.admit(members)
        return conversation


def direct_key(members: Collection[User]) -> str:
    """Return the key of a set of people, by which the database limits them to one direct conversation."""
    return ":".join(str(pk) for pk in sorted(member.pk for member in members))
