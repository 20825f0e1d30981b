"""The workspace: the settings of this whole installation, in one row."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import limits
from accounts.models.audit import Audit
from accounts.models.not_allowed import NotAllowed
from accounts.models.role import Role
from accounts.models.user.name import NameField
from accounts.models.user.user import User


class WorkspaceManager(models.Manager["Workspace"]):
    """Access to the one row."""

    def current(self) -> "Workspace":
        """Load the workspace, with defaults for the settings that nobody has changed yet."""
        return self.filter(pk=Workspace.ONLY_ID).first() or Workspace()

    def changeable_by(self, user: User) -> "Workspace":
        """Load the workspace for an owner; raise NotAllowed for everybody else."""
        refuse_others(user)
        return self.current()


class Workspace(models.Model):
    """The name of this installation, the rule for signing up, and which roles need a second factor."""

    ONLY_ID = 1
    UNNAMED = "Chatsite"

    class SignUp(models.TextChoices):
        INVITATION = "invitation", _("People with an invitation")
        DOMAINS = "domains", _("Also people with an e-mail address at these domains")
        OPEN = "open", _("Anyone who reaches this site")

    class Shows(models.TextChoices):
        """How much of a message a notification shows, for lock screens and mail."""

        ALL = "all", _("Who wrote, where and what")
        WHERE = "where", _("Who wrote, and where")
        WHO = "who", _("Who wrote")
        NOTHING = "nothing", _("Only that there is a new message")

    id = models.SmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    name = NameField(max_length=50, default=UNNAMED)
    sign_up = models.CharField(_("who may sign up"), max_length=10, choices=SignUp, default=SignUp.INVITATION)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    second_factor = ArrayField(models.CharField(max_length=10, choices=Role), default=list, blank=True)

    # What notifications may do: use push services and mail, and how much of a message they show at most.
    allows_push = models.BooleanField(default=True, db_default=True)
    allows_mail = models.BooleanField(default=True, db_default=True)
    most_shown = models.CharField(max_length=10, choices=Shows, default=Shows.ALL, db_default=Shows.ALL)

    objects = WorkspaceManager()

    class Meta:
        db_table = "places"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_place")]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def change(self, by: User | None, **wanted: Any) -> None:
        """Save the values that differ from the stored ones; raise NotAllowed for all but owners."""
        refuse_others(by)
        limits.take("change", by)
        stored, _made = Workspace.objects.select_for_update().get_or_create(pk=self.ONLY_ID)
        changed = [field for field, value in wanted.items() if value != getattr(stored, field)]
        for field in changed:
            value = wanted[field]
            setattr(self, field, value)
            shown = ", ".join(value) if isinstance(value, list) else value
            Audit.objects.record(by, "changed", f"workspace: {field.replace('_', ' ')}", f"to {shown or 'none'}")
        self.save(force_update=True, update_fields=changed)

    @property
    def is_open(self) -> bool:
        """Tell whether everybody may sign up."""
        return self.sign_up == self.SignUp.OPEN

    def admits(self, email: str) -> bool:
        """Return whether an address belongs to a domain whose people may sign up."""
        return self.sign_up == self.SignUp.DOMAINS and email.rpartition("@")[2].lower() in self.domains


def refuse_others(user: User | None) -> None:
    if user and not (user.is_active and user.is_owner):
        raise NotAllowed(_("Only owners can change the workspace."))
