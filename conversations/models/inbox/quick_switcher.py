"""Where somebody may want to go: conversations and people, by a few letters of their names."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Greatest, Least

from accounts.models import User
from accounts.models.people import UserQuerySet
from conversations.models.access import Kind, people_visible_to
from conversations.models.conversation.membership import Membership


class QuickSwitcher(models.QuerySet):
    """Conversations, by a few letters."""

    def quick_switcher_matches(self, user: User, words: Sequence[str]) -> "QuickSwitcher":
        """List those with all `words` as parts of the name; without words, one's own.

        One's own come first, then direct ones, which are called by the others in them, and what begins so, then the
        liveliest. It is one look at the titles of all that `user` sees, and what is shown of a conversation is found
        for the rows of the page alone.
        """
        found = self.as_seen_by(user)
        if not words:
            return found.filter(joined_at__isnull=False, archived_at__isnull=True).by_activity()
        for word in words:
            others = Membership.objects.filter(conversation=OuterRef("pk"), user__in=User.objects.named_like([word]))
            is_among = Q(kind=Kind.DIRECT) & Exists(others.exclude(user=user))
            found = found.filter(Q(title__icontains=word) | is_among)
        begins = Q(title__istartswith=words[0]) | Q(kind=Kind.DIRECT)
        order = ("is_over", "-is_mine", F("begins").desc(nulls_last=True), "-last_message_at", "-pk")
        is_mine, is_over = Q(joined_at__isnull=False), Q(archived_at__isnull=False)
        return found.annotate(is_mine=is_mine, is_over=is_over, begins=begins).order_by(*order)


def quick_switcher_people(user: User, words: Sequence[str]) -> UserQuerySet:
    """List people with all `words` in their names, but those whom `user` talks to directly: that is where one goes."""
    Conversation = Membership.conversation.field.related_model
    ids = [Cast(end("pk", Value(user.pk)), models.TextField()) for end in (Least, Greatest)]
    pair = Concat(ids[0], Value(":", models.TextField()), ids[1])
    known = people_visible_to(user).active().other_than(user).named_like(words).annotate(pair=pair)
    return known.exclude(Exists(Conversation.objects.filter(direct_key=OuterRef("pair")))).by_name()
