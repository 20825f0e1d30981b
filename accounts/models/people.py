"""Queries about people."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, count

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.models import folding  # noqa: F401 – registers the lookup `folded`
from accounts.models.role import Role
from accounts.models.user.name_matching import begins, closeness, contains, nearly, similarity
from chatsite.speed.keyset import Keyset

NOT_IN_USERNAMES = re.compile(r"[^a-z0-9._-]+")
MAX_FREE_USERNAME_CHARACTERS = 40
RESERVED = ("all", "here")  # @all and @here mean several people


def shown_name(user: str = "") -> Coalesce:
    """Return `User.name` as an expression; `user` is the lookup to the person, such as "user__"."""
    return Coalesce(NullIf(f"{user}display_name", models.Value("")), f"{user}username")


def name_position(user: str = "") -> Concat:
    """Return the position of a person in an order by name, as an expression; `user` as in `shown_name`."""
    folded = models.Func(shown_name(user), function="public.fold", output_field=models.TextField())
    return Concat(folded, models.Value(" "), f"{user}username", output_field=models.TextField())


def both_names() -> Concat:
    """Return the user name and the shown name as an expression; the index `users_names_parts` has it, folded."""
    return Concat("username", models.Value(" "), shown_name(), output_field=models.TextField())


class PeopleOrder(models.TextChoices):
    """In which order people are listed, page by page."""

    NAME = "", _("Name")
    NEWEST = "newest", _("Newest")


class UserQuerySet(Keyset):
    """Named queries about people."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def not_deleted(self) -> "UserQuerySet":
        return self.filter(deleted_at__isnull=True)

    def recently_deleted(self) -> "UserQuerySet":
        """List people whose accounts are deleted but not yet removed, by user name."""
        return self.filter(deleted_at__isnull=False).order_by("username")

    def can_sign_in(self) -> "UserQuerySet":
        """Leave out accounts that nobody can sign in to, such as those of an import."""
        keys = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.WEBAUTHN)
        known = SocialAccount.objects.filter(user=OuterRef("pk"))
        return self.filter(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Exists(keys) | Exists(known))

    def seen_since(self, moment: datetime) -> "UserQuerySet":
        """Find people with a request since `moment`; sessions store the time of a request every few minutes."""
        return self.filter(Exists(UserSession.objects.filter(user=OuterRef("pk"), last_seen_at__gte=moment)))

    def named_like(self, words: Iterable[str]) -> "UserQuerySet":
        """Find people whose user name or shown name contains each of these words."""
        found = self.annotate(shown=shown_name())
        for word in words:
            found = found.filter(Q(username__folded__contains=word) | Q(shown__folded__contains=word))
        return found

    def nearly_named(self, words: Sequence[str], *, with_typos: bool) -> "UserQuerySet":
        """Find people by parts of their user name or shown name; add `closeness` and `similarity`."""
        found = self.alias(names=both_names()).filter((nearly if with_typos else contains)("names", words))
        return found.annotate(closeness=closeness("names", words)).alias(similarity=similarity("names", words))

    def with_words_beginning(self, words: Sequence[str]) -> "UserQuerySet":
        """Find people with names that begin with each of these words, which may be too short for `nearly_named`."""
        return self.alias(names=both_names()).filter(begins("names", words))

    def picked_by(self, words: Sequence[str]) -> "UserQuerySet":
        """Find people with all `words` in their names, the closest first; with a typo in a word if there is none."""
        found = self.nearly_named(words, with_typos=False)
        if not found.exists():
            found = self.nearly_named(words, with_typos=True)
        return found.annotate(shown=shown_name()).order_by("closeness", "-similarity", "shown", "pk")

    def beginning_with(self, letters: str) -> "UserQuerySet":
        """Find people whose user name or shown name begins with these letters, by name."""
        found = self.annotate(shown=shown_name())
        begins = Q(username__folded__startswith=letters) | Q(shown__folded__startswith=letters)
        return found.filter(begins).order_by("shown", "pk")

    def called(self, usernames: Iterable[str]) -> "UserQuerySet":
        return self.filter(username__in=usernames)

    def with_address(self, email: str) -> "UserQuerySet":
        return self.filter(email=email.lower())

    def other_than(self, user: AbstractBaseUser) -> "UserQuerySet":
        return self.exclude(pk=user.pk)

    def by_name(self) -> "UserQuerySet":
        return self.order_by(shown_name(), "pk")

    def in_order(self, order: str) -> "UserQuerySet":
        """List people in a PeopleOrder, which can be paged."""
        if order == PeopleOrder.NEWEST:
            return self.order_by("-pk")
        return self.annotate(position=name_position()).order_by("position")

    def is_new_workspace(self) -> bool:
        """Return whether only imported people have accounts: the first to sign up becomes the owner."""
        made_here = self.can_sign_in().filter(origin__isnull=True)
        return not made_here.exists() and not self.filter(role=Role.OWNER).exists()

    def free_username(self, wish: str) -> str:
        """Make a user name like `wish` that nobody has: ana.lima, else ana.lima2."""
        base = NOT_IN_USERNAMES.sub("-", wish.lower()).strip("-._")[:MAX_FREE_USERNAME_CHARACTERS] or "somebody"
        taken = {*RESERVED, *self.filter(username__startswith=base).values_list("username", flat=True)}
        numbered = f"{base}-" if base[-1].isdigit() else base
        return next(name for name in chain([base], (f"{numbered}{n}" for n in count(2))) if name not in taken)
