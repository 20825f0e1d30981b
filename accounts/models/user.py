"""People: who they are, how they are called, and what they may do on the whole site."""

import re
from collections.abc import Iterable
from itertools import chain, count
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models, transaction
from django.db.models.functions import Coalesce, NullIf

SIGNING_UP = 0x7573657273  # "users": the advisory lock by which two first visitors take turns
AVATAR_COLOURS = 8
NOT_IN_USERNAMES = re.compile(r"[^a-z0-9._-]+")


def shown_name(user: str = "") -> Coalesce:
    """Write how a person is called as SQL, as `User.name` does in Python; `user` is the way to them: "user__"."""
    return Coalesce(NullIf(f"{user}display_name", models.Value("")), f"{user}username")


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("“%(name)s” is not a time zone; Europe/Amsterdam is one.", params={"name": name})


class UserQuerySet(models.QuerySet):
    """People, by what is asked of them."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def with_password(self) -> "UserQuerySet":
        """Leave out accounts that nobody can sign in to, as those of an import."""
        return self.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def called(self, usernames: Iterable[str]) -> "UserQuerySet":
        return self.filter(username__in=usernames)

    def other_than(self, user: "User") -> "UserQuerySet":
        return self.exclude(pk=user.pk)

    def by_name(self) -> "UserQuerySet":
        return self.order_by(shown_name(), "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """How accounts come to be."""

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username.lower())

    def is_new_place(self) -> bool:
        """Tell whether nobody has an account but people of an import: who comes next becomes the owner."""
        made_here = self.with_password().filter(origin__isnull=True)
        return not made_here.exists() and not self.filter(role=User.Role.OWNER).exists()

    @transaction.atomic
    def sign_up(self, user: "User") -> "User":
        """Save a new account; the first one becomes the owner, also where two come at once."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SIGNING_UP])
        user.role = User.Role.OWNER if self.is_new_place() else User.Role.MEMBER
        user.save(force_insert=True)
        return user

    @transaction.atomic
    def bring_in(self, origin: str, username: str, email: str, **fields: Any) -> "User":
        """Find the person whom another system knows as `origin`, or make an account that nobody can sign in to yet.

        A user name that is taken gets a number; an e-mail address that is taken stays with who has it here.
        """
        if known := self.filter(origin=origin).first():
            return known
        base = NOT_IN_USERNAMES.sub("-", username.lower()).strip("-._")[:40] or "somebody"
        taken = set(self.filter(username__startswith=base).values_list("username", flat=True))
        free = next(name for name in chain([base], (f"{base}-{n}" for n in count(2))) if name not in taken)
        if not email or self.filter(email=email).exists():
            email = f"{uuid4().hex}@imported.invalid"
        return self.create(origin=origin, username=free, email=email, password=make_password(None), **fields)

    def create_superuser(self, username: str, email: str, password: str | None = None) -> "User":
        """Make an owner's account, for `manage.py createsuperuser`."""
        user = User(username=username.lower(), email=email.lower(), role=User.Role.OWNER)
        user.set_password(password)
        user.save(force_insert=True)
        return user


class User(AbstractBaseUser):
    """A person with an account. User names and e-mail addresses are kept in lower case: no two differ by case alone."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MEMBER = "member"

    username = models.CharField(
        "user name",
        max_length=50,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]*\Z", "Use a–z, 0–9 and . - _ only.")],
        help_text="You sign in with it: a–z, 0–9 and . - _",
        error_messages={"unique": "This user name is taken."},
    )
    # Whoever puts people into the table without a password makes accounts that nobody can sign in to.
    password = models.CharField(max_length=128, db_default=UNUSABLE_PASSWORD_PREFIX, editable=False)
    email = models.EmailField("e-mail address", max_length=255, error_messages={"unique": "This address is taken."})
    display_name = models.CharField("name", max_length=80, blank=True, db_default="")
    time_zone = models.CharField(max_length=64, db_default="UTC", default="UTC", validators=[validate_time_zone])
    role = models.CharField(max_length=10, choices=Role, db_default=Role.MEMBER, default=Role.MEMBER)
    is_active = models.BooleanField(
        "active", db_default=True, default=True, help_text="Who is not can't sign in; what they wrote stays."
    )
    origin = models.CharField(max_length=100, null=True, blank=True, editable=False)
    created_at = models.DateTimeField("joined", db_default=models.Func(function="NOW"), editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects = UserManager()

    class Meta:
        db_table = "users"
        # unique=True would add an index for LIKE to each, which nobody reads
        constraints = [
            models.UniqueConstraint(fields=["username"], name="users_username_unique"),
            models.UniqueConstraint(fields=["email"], name="users_email_unique"),
            models.UniqueConstraint(fields=["origin"], name="users_origin_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.display_name or self.username

    @property
    def initials(self) -> str:
        """The first letters of the first and the last word of the name."""
        words = self.name.replace(".", " ").replace("_", " ").split() or [self.username]
        letters = [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]]
        return "".join(letters).upper()

    @property
    def colour(self) -> int:
        """The number of the avatar's colour, from 0 to AVATAR_COLOURS - 1."""
        return self.pk % AVATAR_COLOURS

    @property
    def is_staff(self) -> bool:
        """Django admin lets in who is staff; what they see there is up to `visible_to`."""
        return self.role == self.Role.OWNER

    def be_known_as(self, origin: str) -> None:
        """Remember what another system calls this person, so that an import finds them again."""
        self.origin = origin
        self.save(update_fields=["origin"])

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)
