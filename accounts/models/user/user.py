"""People: who they are, how they are called, and what they may do on the whole site."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.audit import Audit
from accounts.models.people import RESERVED, UserManager
from accounts.models.role import Role, below
from accounts.models.time_zone import TimeZoneField
from chatsite.speed.fast_rows import FastRows

AVATAR_COLOURS = 8


class Appearance(NamedTuple):
    """What is shown of a person beside their words."""

    pk: int
    name: str
    initials: str
    colour: int
    picture_digest: str


class User(FastRows, AbstractBaseUser):
    """A person with an account. User names and e-mail addresses are kept in lower case: no two differ by case alone."""

    Role = Role

    class Theme(models.TextChoices):
        SYSTEM = "", _("As my system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")
        CONTRAST = "contrast", _("High contrast")

    username = models.CharField(
        _("user name"),
        max_length=50,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9._-]*\Z", _("Use a–z, 0–9 and . - _ only.")),
            RegexValidator(rf"^({'|'.join(RESERVED)})\Z", _("This word means several people."), inverse_match=True),
        ],
        help_text=_("You sign in with it: a–z, 0–9 and . - _"),
        error_messages={"unique": _("This user name is taken.")},
    )
    # Whoever puts people into the table without a password makes accounts that nobody can sign in to.
    password = models.CharField(max_length=128, db_default=UNUSABLE_PASSWORD_PREFIX, editable=False)
    email = models.EmailField(
        _("e-mail address"), max_length=255, error_messages={"unique": _("This address is taken.")}
    )
    display_name = models.CharField(_("name"), max_length=80, blank=True, db_default="")
    about = models.CharField(_("what I do"), max_length=100, blank=True, db_default="", default="")
    time_zone = TimeZoneField(max_length=64, db_default="UTC", default="UTC")
    theme = models.CharField(max_length=10, choices=Theme, blank=True, db_default="", default="")
    language = models.CharField(max_length=10, blank=True, db_default="", default="")
    picture_digest = models.CharField(max_length=16, db_default="", default="", editable=False)
    role = models.CharField(max_length=10, choices=Role, db_default=Role.MEMBER, default=Role.MEMBER)
    enter_sends = models.BooleanField(
        _("Enter sends a message, and Shift+Enter starts a new line"), db_default=True, default=True
    )
    shortcuts = models.BooleanField(_("Single keys do things, as ? tells"), db_default=True, default=True)
    sounds = models.BooleanField(_("A sound tells of a mention"), db_default=False, default=False)
    # Deleted accounts are kept out at once, and gone for good some weeks later.
    deleted_at = models.DateTimeField(null=True, editable=False)
    # What the following was then.
    was_active = models.BooleanField(db_default=True, default=True, editable=False)
    is_active = models.BooleanField(
        _("active"), db_default=True, default=True, help_text=_("Who is not can't sign in; what they wrote stays.")
    )
    # Raised to end all visits: every session holds a hash of it.
    stamp = models.IntegerField(db_default=0, default=0, editable=False)
    origin = models.CharField(max_length=100, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("joined"), db_default=models.Func(function="NOW"), editable=False)

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

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.username])

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
    def appearance(self) -> Appearance:
        return Appearance(self.pk, self.name, self.initials, self.colour, self.picture_digest)

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_guest(self) -> bool:
        return self.role == Role.GUEST

    @property
    def is_staff(self) -> bool:
        """Owners and admins run the place, also in Django admin; what they see there is up to `visible_to`."""
        return self.role in (Role.OWNER, Role.ADMIN)

    def set_origin(self, origin: str) -> None:
        """Remember what another system calls this person, so that an import finds them again."""
        self.origin = origin
        self.save(update_fields=["origin"])

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)

    def roles_to_give(self) -> list[str]:
        """List the roles that this person may give and take: owners all, admins those below theirs."""
        if self.is_owner:
            return Role.values
        return below(self.role) if self.is_staff else []

    def may_manage(self, person: "User") -> bool:
        """Tell whether this person may change the role of `person`, deactivate or delete them."""
        return self.is_active and person.role in self.roles_to_give()

    def change_role(self, by: "User", role: str) -> None:
        """Give this person another role; all their visits end. The last owner stays one: the database sees to it."""
        if role not in by.roles_to_give():
            raise PermissionDenied(_("That role is not yours to give."))
        self._change(by, f"made {role}", was=self.role, role=role)

    def deactivate(self, by: "User") -> None:
        """Keep this person out, at once; `reactivate` lets them in again."""
        self._change(by, "deactivated", is_active=False)

    def reactivate(self, by: "User") -> None:
        with self._managed(by) as now:
            if now.deleted_at:
                raise PermissionDenied(_("This account is deleted: undo that first."))
            self._change(by, "reactivated", is_active=True)

    def delete_by(self, by: "User", moment: datetime | None = None, was_active: bool | None = None) -> None:
        """Keep this person out, and out of the lists, until `restore_by`; some weeks later the account is removed."""
        with self._managed(by) as now:
            if now.deleted_at:
                raise PermissionDenied(_("This account is deleted already."))
            was_active = now.is_active if was_active is None else was_active
            fields = {"deleted_at": moment or timezone.now(), "was_active": was_active, "is_active": False}
            self._change(by, "deleted the account of", **fields)

    def restore_by(self, by: "User") -> None:
        """Give a deleted account back as it was."""
        with self._managed(by) as now:
            if not now.deleted_at:
                raise PermissionDenied(_("This account is not deleted."))
            self._change(by, "restored the account of", deleted_at=None, is_active=now.was_active)

    def remove(self) -> None:
        """Remove a deleted account for good; what this person wrote stays, under nobody's name."""
        Audit.objects.record(None, "removed the account of", self.username)
        self.delete()

    def _change(self, by: "User", action: str, was: str = "", **fields: Any) -> None:
        with self._managed(by):
            for name, value in fields.items():
                setattr(self, name, value)
            self.save(update_fields=fields)
            self.end_visits()
            Audit.objects.record(by, action, self.username, was and f"was {was}")

    @contextmanager
    def _managed(self, by: "User") -> Iterator["User"]:
        """Hold both people as they are now, not as they were when a request began; raise PermissionDenied.

        Gives this person as they are now.
        """
        try:
            with transaction.atomic():
                both = User.objects.select_for_update().order_by("pk").in_bulk({by.pk, self.pk})
                if by.pk not in both or self.pk not in both or not both[by.pk].may_manage(both[self.pk]):
                    raise PermissionDenied(_("Only owners, and admins below them, do that."))
                yield both[self.pk]
        except IntegrityError as error:
            raise PermissionDenied(_("A place needs an owner: make somebody else one first.")) from error

    def end_visits(self) -> None:
        """End all sessions with the next request, and their streams within seconds."""
        User.objects.filter(pk=self.pk).update(stamp=models.F("stamp") + 1)
        self.refresh_from_db(fields=["stamp"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Hash what a session depends on, as Django does of the password alone."""
        salt = "accounts.models.User.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password}:{self.stamp}", secret=secret, algorithm="sha256").hexdigest()
