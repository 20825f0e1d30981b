"""People: how accounts are made, and what people with a higher role do with them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36
from django.utils.translation import gettext_lazy as _

from accounts.models import limits
from accounts.models.audit import Audit
from accounts.models.not_allowed import NotAllowed
from accounts.models.people import UserQuerySet
from accounts.models.role import Role
from accounts.models.user.account import MAX_NAME_CHARACTERS
from accounts.models.user.appearing import Appearing
from accounts.models.user.choosing import Choosing
from accounts.models.user.ranked import Ranked
from accounts.models.user.visiting import Visiting

SIGN_UP_LOCK = 0x7573657273  # "users": the advisory lock for which simultaneous sign-ups wait
SIDEBAR = ("sidebar_order", "unread_first", "comfortable")
PROFILE = ("display_name", "about", "language", "time_zone", "theme", "enter_sends", "shortcuts", "sound", *SIDEBAR)

PeopleManager = models.Manager.from_queryset(UserQuerySet)


class UserManager(PeopleManager["User"]):
    """The ways to make an account."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())

    def reserve_pk(self) -> int:
        """Take the number of a future account, which its passkey has to contain."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('users', 'id'))")
            return cursor.fetchone()[0]

    def try_to_sign_up(self, address: str) -> None:
        """Count a form sent from an IP address, valid or not, as its errors say which names are taken."""
        limits.take_by_address("try to sign up", address)

    @transaction.atomic
    def sign_up(self, user: "User", role: str = Role.MEMBER, *, address: str, is_invited: bool) -> "User":
        """Save a new account for a visitor at an IP address; the first account becomes the owner, even in a race.

        Raises NotAllowed for people without an invitation unless everybody may sign up, also in such a race.
        """
        limits.take_by_address("sign up", address)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SIGN_UP_LOCK])
        is_first = self.is_new_workspace()
        if not (is_first or is_invited or self.is_open()):
            raise NotAllowed(_("You need an invitation to sign up here."))
        user.role = Role.OWNER if is_first else role
        user.save(force_insert=True)
        return user

    def is_open(self) -> bool:
        """Tell whether everybody may sign up."""
        return apps.get_model("accounts", "Workspace").objects.current().is_open  # which imports this module

    @transaction.atomic
    def import_person(self, person: "User") -> "User":
        """Save the account of a person from another system, identified by its `origin`, unless it exists already.

        Nobody can sign in to it yet. A taken user name gets a number; a taken e-mail address stays with the person who
        has it here.
        """
        if known := self.filter(origin=person.origin).first():
            return known
        person.display_name = person.display_name[:MAX_NAME_CHARACTERS]
        person.username = self.free_username(person.username)
        if not person.email or self.with_address(person.email).exists():
            person.email = f"{uuid4().hex}@imported.invalid"
        person.set_unusable_password()
        person.save(force_insert=True)
        return person

    def create_superuser(self, username: str, email: str, password: str | None = None) -> "User":
        """Make an owner's account, for `manage.py createsuperuser`."""
        user = self.model(username=username.lower(), email=email.lower(), role=Role.OWNER)
        user.set_password(password)
        with transaction.atomic():
            user.save(force_insert=True)
            Audit.objects.record(None, "made an account as owner for", user.username)
        return user


class User(Appearing, Choosing, Visiting, Ranked):
    """A person with an account."""

    Role = Role

    objects = UserManager()

    class Meta:
        db_table = "users"
        # unique=True would add an index for LIKE to each, which no query uses.
        constraints = [
            models.UniqueConstraint(fields=["username"], name="users_username_unique"),
            models.UniqueConstraint(fields=["email"], name="users_email_unique"),
            models.UniqueConstraint(fields=["origin"], name="users_origin_unique"),
            models.CheckConstraint(condition=~models.Q(email=""), name="people_have_an_address"),
        ]

    def get_absolute_url(self) -> str:
        return reverse(settings.ACCOUNTS_PERSON_URL, args=[self.username])

    def set_origin(self, origin: str) -> None:
        """Store the id of this person in another system, so that an import finds them again."""
        self.origin = origin
        self.save(update_fields=["origin"])

    def change_profile(self, fields: Collection[str]) -> None:
        """Save the fields of this person's own profile that a form has set."""
        self.refuse_deactivated()
        limits.take("change", self)
        self.save(update_fields=[name for name in PROFILE if name in fields])

    def change_account(self, by: "User | None", fields: Collection[str]) -> None:
        """Save the names and the address that a form has set; a new address has to be confirmed again."""
        if by == self:
            self.refuse_deactivated()
            limits.take("change", by)
        if by == self and "email" in fields:
            raise NotAllowed(_("Change how you sign in under Settings."))
        with transaction.atomic() if by == self else self._managed(by):
            self.save(update_fields=fields)
            if "email" in fields:
                EmailAddress.objects.filter(user=self).delete()  # allauth adds the new one, unconfirmed
            details = ", ".join(f"{name} to {getattr(self, name)}" for name in fields)
            Audit.objects.record(by, "changed the account of", self.username, details)

    def change_role(self, by: "User | None", role: str) -> None:
        """Give this person another role, which ends all their visits. The database refuses to lose the last owner."""
        if by and role not in by.roles_to_give():
            raise NotAllowed(_("You may not give people that role."))
        with self._managed(by) as stored:
            self.role = role
            self._save_managed(by, f"made {role}", ["role"], f"was {stored.role}")

    def deactivate(self, by: "User | None") -> None:
        """Sign this person out everywhere and refuse to sign them in until they are reactivated."""
        with self._managed(by):
            self.is_active = False
            self._save_managed(by, "deactivated", ["is_active"])

    def reactivate(self, by: "User | None") -> None:
        with self._managed(by) as stored:
            if stored.deleted_at:
                raise NotAllowed(_("This account is deleted. Restore it first."))
            self.is_active = True
            self._save_managed(by, "reactivated", ["is_active"])

    def delete_by(self, by: "User | None", moment: datetime | None = None, was_active: bool | None = None) -> None:
        """Lock this person out, and hide them from lists, until `restore_by`; weeks later the account is removed.

        Callers that have already deactivated the person pass `was_active`, the state to restore.
        """
        with self._managed(by) as stored:
            if stored.deleted_at:
                raise NotAllowed(_("This account is already deleted."))
            self.was_active = stored.is_active if was_active is None else was_active
            self.deleted_at, self.is_active = moment or timezone.now(), False
            self._save_managed(by, "deleted the account of", ["deleted_at", "was_active", "is_active"])

    def restore_by(self, by: "User | None") -> None:
        """Restore a deleted account as it was."""
        with self._managed(by) as stored:
            if not stored.deleted_at:
                raise NotAllowed(_("This account is not deleted."))
            self.deleted_at, self.is_active = None, stored.was_active
            self._save_managed(by, "restored the account of", ["deleted_at", "is_active"])

    def remove(self) -> None:
        """Remove a deleted account permanently; what this person wrote stays, without an author."""
        Audit.objects.record(None, "removed the account of", self.username)
        self.delete()

    def make_reset_link(self, by: "User | None") -> str:
        """Return the path of a page where this person chooses a new password, for sites without mail."""
        self._refuse_self(by)
        with self._managed(by):
            Audit.objects.record(by, "made a reset link for", self.username)
        return self.reset_path

    def record_new_password(self) -> None:
        """Record that the command line has changed the password."""
        Audit.objects.record(None, "changed the password of", self.username)

    @property
    def reset_path(self) -> str:
        """The path of a page where this person chooses another password, for a mail to them alone."""
        token = ResetTokenGenerator().make_token(self)
        return reverse("account_reset_password_from_key", kwargs={"uidb36": int_to_base36(self.pk), "key": token})

    def remove_second_factor(self, by: "User | None") -> None:
        """Remove a lost second factor, so that this person can sign in without it; all their visits end."""
        self._refuse_self(by)
        with self._managed(by):
            Authenticator.objects.filter(user=self).delete()
            self.end_visits()
            Audit.objects.record(by, "removed the second factor of", self.username)

    def _refuse_self(self, by: "User | None") -> None:
        """Keep a stranger at an unlocked browser from taking over the account: its settings ask for the password."""
        if by == self:
            raise NotAllowed(_("Change how you sign in under Settings."))

    @contextmanager
    def _managed(self, by: "User | None") -> Iterator["User"]:
        """Lock both people as they are now, not as they were when a request began; raise NotAllowed, LimitReached.

        Yield this person as stored.
        """
        with transaction.atomic():
            people = User.objects.select_for_update().order_by("pk").in_bulk({self.pk, by.pk if by else self.pk})
            stored = people.get(self.pk)
            if not stored or (by and (by.pk not in people or not people[by.pk].may_manage(stored))):
                raise NotAllowed(_("Only owners may do that, and admins for people with a lower role."))
            limits.take("change", by)
            yield stored

    def _save_managed(self, by: "User | None", action: str, fields: list[str], details: str = "") -> None:
        """Save fields within `_managed`, end all visits and record it; the database refuses to lose the last owner."""
        try:
            self.save(update_fields=fields)
        except IntegrityError as error:
            raise NotAllowed(_("A workspace needs an owner. Make somebody else an owner first.")) from error
        self.end_visits()
        Audit.objects.record(by, action, self.username, details)


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Tokens of reset links, valid for a day, or until the password or anything else that ends visits changes."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.stamp}"
