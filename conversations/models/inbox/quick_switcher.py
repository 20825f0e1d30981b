"""The quick switcher: conversations and people to go to, by a few letters of their names."""

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Greatest, Least

from accounts.models import User
from accounts.models.people import UserQuerySet
from conversations.models.access import Kind, people_visible_to
from conversations.models.conversation.membership import Membership
from conversations.models.inbox.bulk_read_markers import BulkReadMarkers


class QuickSwitcher(BulkReadMarkers):
    """Conversations and people, by a few letters."""

    def quick_switcher_matches(self, user: User, words: Sequence[str]) -> Self:
        """List the conversations with all `words` as parts of the name; without words, those of `user`.

        Their own come first, then direct ones, which are named after the people in them, then names that begin with
        the first word, then the most recently active. It scans the titles of all conversations that `user` sees, and
        finds the rest only for the rows of the page.
        """
        found = self.as_seen_by(user)
        if not words:
            return found.filter(joined_at__isnull=False, archived_at__isnull=True).by_activity()
        for word in words:
            others = Membership.objects.filter(conversation=OuterRef("pk"), user__in=User.objects.named_like([word]))
            is_among = Q(kind=Kind.DIRECT) & Exists(others.exclude(user=user))
            found = found.filter(Q(title__folded__contains=word) | is_among)
        begins = Q(title__folded__startswith=words[0]) | Q(kind=Kind.DIRECT)
        order = ("is_archived", "-is_mine", F("begins").desc(nulls_last=True), "-last_message_at", "-pk")
        is_mine, is_archived = Q(joined_at__isnull=False), Q(archived_at__isnull=False)
        return found.annotate(is_mine=is_mine, is_archived=is_archived, begins=begins).order_by(*order)

    def quick_switcher_people(self, user: User, words: Sequence[str]) -> UserQuerySet:
        """List people with all `words` in their names, without those with whom `user` has a direct conversation."""
        ids = [Cast(end("pk", Value(user.pk)), models.TextField()) for end in (Least, Greatest)]
        pair = Concat(ids[0], Value(":", models.TextField()), ids[1])
        known = people_visible_to(user).active().other_than(user).named_like(words).annotate(pair=pair)
        return known.exclude(Exists(self.filter(direct_key=OuterRef("pair")))).by_name()
