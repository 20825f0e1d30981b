"""People, as they are looked for, and how accounts come to be."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import chain, count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.models import BaseUserManager
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, NullIf

from accounts.models.role import Role
from accounts.models.workspace import Workspace
from chatsite.speed.keyset import Keyset

if TYPE_CHECKING:
    from accounts.models import User

SIGNING_UP = 0x7573657273  # "users": the advisory lock by which two first visitors take turns
NOT_IN_USERNAMES = re.compile(r"[^a-z0-9._-]+")
RESERVED = ("all", "here")  # @all and @here mean several people


def shown_name(user: str = "") -> Coalesce:
    """Write how a person is called as SQL, as `User.name` does in Python; `user` is the way to them: "user__"."""
    return Coalesce(NullIf(f"{user}display_name", models.Value("")), f"{user}username")


class UserQuerySet(Keyset):
    """People, by what is asked of them."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def not_deleted(self) -> "UserQuerySet":
        return self.filter(deleted_at__isnull=True)

    def recently_deleted(self) -> "UserQuerySet":
        """Keep those whose accounts are deleted, but not gone for good, the last one first."""
        return self.filter(deleted_at__isnull=False).order_by("-deleted_at")

    def can_sign_in(self) -> "UserQuerySet":
        """Leave out accounts that nobody can sign in to, as those of an import."""
        keys = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.WEBAUTHN)
        known = SocialAccount.objects.filter(user=OuterRef("pk"))
        return self.filter(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Exists(keys) | Exists(known))

    def seen_since(self, moment: datetime) -> "UserQuerySet":
        """Keep who has done something here since `moment`, as far as is noted: every few minutes of a visit."""
        return self.filter(Exists(UserSession.objects.filter(user=OuterRef("pk"), last_seen_at__gte=moment)))

    def named_like(self, words: Iterable[str]) -> "UserQuerySet":
        """Keep those in whose user name, or shown name, each of these words is a part."""
        found = self.annotate(shown=shown_name())
        for word in words:
            found = found.filter(Q(username__icontains=word) | Q(shown__icontains=word))
        return found

    def called(self, usernames: Iterable[str]) -> "UserQuerySet":
        return self.filter(username__in=usernames)

    def other_than(self, user: "User") -> "UserQuerySet":
        return self.exclude(pk=user.pk)

    def by_name(self) -> "UserQuerySet":
        return self.order_by(shown_name(), "pk")

    def signed_in(self) -> "UserQuerySet":
        """Add what every page asks of its reader: `workspace_name` and `lacks_second_factor`, which some roles need."""
        here = Workspace.objects.filter(pk=Workspace.THE_ONE)
        asked = here.filter(second_factor__contains=[OuterRef("role")])
        return self.annotate(
            workspace_name=Coalesce(Subquery(here.values("name")), models.Value(Workspace.UNNAMED)),
            lacks_second_factor=Exists(asked) & ~Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """How accounts come to be."""

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username.lower())

    def is_new_workspace(self) -> bool:
        """Tell whether nobody has an account but people of an import: who comes next becomes the owner."""
        made_here = self.can_sign_in().filter(origin__isnull=True)
        return not made_here.exists() and not self.filter(role=Role.OWNER).exists()

    @transaction.atomic
    def sign_up(self, user: "User", role: str = Role.MEMBER) -> "User":
        """Save a new account; the first one becomes the owner, also where two come at once."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SIGNING_UP])
        user.role = Role.OWNER if self.is_new_workspace() else role
        user.save(force_insert=True)
        return user

    @transaction.atomic
    def import_person(self, origin: str, username: str, email: str, **fields: Any) -> "User":
        """Find the person whom another system knows as `origin`, or make an account that nobody can sign in to yet.

        A user name that is taken gets a number; an e-mail address that is taken stays with who has it here.
        """
        if known := self.filter(origin=origin).first():
            return known
        free = self.free_username(username)
        if not email or self.filter(email=email).exists():
            email = f"{uuid4().hex}@imported.invalid"
        return self.create(origin=origin, username=free, email=email, password=make_password(None), **fields)

    def free_username(self, wish: str) -> str:
        """Make a user name of `wish` that nobody has."""
        base = NOT_IN_USERNAMES.sub("-", wish.lower()).strip("-._")[:40] or "somebody"
        taken = {*RESERVED, *self.filter(username__startswith=base).values_list("username", flat=True)}
        return next(name for name in chain([base], (f"{base}-{n}" for n in count(2))) if name not in taken)

    def create_superuser(self, username: str, email: str, password: str | None = None) -> "User":
        """Make an owner's account, for `manage.py createsuperuser`."""
        user = self.model(username=username.lower(), email=email.lower(), role=Role.OWNER)
        user.set_password(password)
        user.save(force_insert=True)
        return user
