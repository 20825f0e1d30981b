"""The quick switcher: conversations and people to go to, by a few letters of their names, also with a typo."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat, Greatest, Least

from accounts.models import User
from accounts.models.people import UserQuerySet, shown_name
from accounts.models.user.name_matching import BEGINNING, TYPO, closeness, contains, nearly, similarity
from conversations.models.access import Kind, people_visible_to
from conversations.models.conversation.membership import Membership, MembershipQuerySet
from conversations.models.inbox.bulk_read_markers import BulkReadMarkers

TWO = r"^\d+:\d+$"  # the direct_key of two people
LETTERS_OF_INDEX = 3  # an index of trigrams finds words of so many letters
OF_TWO = Q(kind=Kind.DIRECT, direct_key__regex=TWO)


class QuickSwitcher(BulkReadMarkers):
    """Conversations and people, by a few letters."""

    def quick_switcher_recent(self, user: User, here: int | None) -> Self:
        """List the conversations of `user` but the one they are in, the most recently active first."""
        mine = self.as_seen_by(user).not_deleted().filter(joined_at__isnull=False, archived_at__isnull=True)
        return mine.exclude(pk=here).with_what_counts(user).by_activity()

    def quick_switcher_matches(
        self, user: User, words: Sequence[str], here: int | None = None, *, with_typos: bool = False
    ) -> Self:
        """List the conversations with all `words` as parts of the title, or of the names in a direct one.

        The closest come first, then those of `user`, then the most recently active; archived ones come last, as does
        the one that `user` is in. Direct ones of two people are found as the other person. It scans the titles of all
        conversations that `user` sees, and counts only for the rows of the page.
        """
        titled = (nearly if with_typos else contains)("title", words)
        others = Membership.objects.filter(conversation=OuterRef("pk")).exclude(user=user)
        among = Q(kind=Kind.DIRECT) & ~(OF_TWO & Q(Exists(others.active())))
        for word in words:
            named = User.objects.nearly_named([word], with_typos=with_typos)
            among &= Q(Exists(others.filter(user__in=named.values("pk"))))
        by_names = When(kind=Kind.DIRECT, then=Value(TYPO if with_typos else BEGINNING))
        found = (
            self.as_seen_by(user)
            .filter(titled | among)
            .annotate(
                is_mine=Q(joined_at__isnull=False),
                is_archived=Q(archived_at__isnull=False),
                is_here=Q(pk=here) if here else Value(False),
                closeness=Case(by_names, default=closeness("title", words)),
                similarity=similarity("title", words) if with_typos else Value(0),
            )
        )
        order: list[Any] = ["is_archived", "is_here", "closeness", F("similarity").desc(nulls_last=True), "-is_mine"]
        return found.with_what_counts(user).order_by(*order, "-last_message_at", "-pk")

    def quick_switcher_people(self, user: User, words: Sequence[str], *, with_typos: bool = False) -> UserQuerySet:
        """List people by parts of their names: the closest, then those whom `user` talks to, the latest first."""
        known = people_visible_to(user).active().other_than(user).nearly_named(words, with_typos=with_typos)
        ids = [Cast(end("pk", Value(user.pk)), models.TextField()) for end in (Least, Greatest)]
        pair = Concat(ids[0], Value(":", models.TextField()), ids[1])
        latest = Subquery(self.filter(direct_key=OuterRef("pair")).values("last_message_at")[:1])
        partners = direct_memberships(user).exclude(user=user).values("user")
        talked = Case(When(pk__in=partners, then=latest), output_field=models.DateTimeField())
        order = ["closeness", "-similarity"] if with_typos else ["closeness"]
        found = known.annotate(pair=pair, talked_at=talked)
        return found.order_by(*order, F("talked_at").desc(nulls_last=True), shown_name(), "pk")

    def quick_switcher_first_people(
        self, user: User, words: Sequence[str], most: int, *, with_typos: bool = False
    ) -> list[User]:
        """List the first people by parts of their names, without a scan of all names if enough begin with `words`.

        An index finds words of three letters anywhere, but shorter ones only where a name begins.
        """
        people = self.quick_switcher_people(user, words, with_typos=with_typos)
        if max(map(len, words)) < LETTERS_OF_INDEX:
            first = list(people.with_words_beginning(words)[:most])
            if len(first) == most:
                return first
        return list(people[:most])

    def direct_with_each(self, user: User, people: Iterable[User]) -> Self:
        """Select the direct conversations of `user` with each of `people` alone, with their unread counts."""
        pairs = [":".join(map(str, sorted((user.pk, person.pk)))) for person in people]
        return self.visible_to(user).filter(direct_key__in=pairs).as_seen_by(user).with_what_counts(user)

    def partners_in(self, user: User, conversations: Iterable[Any]) -> dict[int, User]:
        """Find the other person of each of these direct conversations of two, by the id of the conversation."""
        members = direct_memberships(user).filter(conversation__in=[each.pk for each in conversations])
        others = members.filter(conversation__direct_key__regex=TWO).exclude(user=user).select_related("user")
        return {membership.conversation_id: membership.user for membership in others}


def direct_memberships(user: User) -> MembershipQuerySet:
    """Query the memberships of everyone in the direct conversations of `user`."""
    mine = Membership.objects.of(user).filter(conversation__kind=Kind.DIRECT)
    return Membership.objects.filter(conversation__in=mine.values("conversation"))
