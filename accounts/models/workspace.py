"""The workspace: what holds for this whole Chatsite, in one row."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.role import Role


class WorkspaceManager(models.Manager):
    """Access to the one row."""

    def current(self) -> "Workspace":
        """Load the workspace, with its defaults where nobody has named it yet."""
        return self.filter(pk=Workspace.THE_ONE).first() or Workspace()


class Workspace(models.Model):
    """How this Chatsite is called, who may sign up, and which roles need a second factor."""

    THE_ONE = 1
    UNNAMED = "Chatsite"

    class SignUp(models.TextChoices):
        INVITATION = "invitation", _("People with an invitation")
        DOMAINS = "domains", _("Also people with an e-mail address at these domains")
        OPEN = "open", _("Anyone who reaches this site")

    id = models.SmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    name = models.CharField(max_length=50, default=UNNAMED)
    sign_up = models.CharField(_("who may sign up"), max_length=10, choices=SignUp, default=SignUp.INVITATION)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    second_factor = ArrayField(models.CharField(max_length=10, choices=Role), default=list, blank=True)

    objects = WorkspaceManager()

    class Meta:
        db_table = "places"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_place")]

    def __str__(self) -> str:
        return self.name

    def change(self, **fields: Any) -> None:
        """Save other values, also where there is no row yet."""
        for name, value in fields.items():
            setattr(self, name, value)
        Workspace.objects.update_or_create(
            pk=self.THE_ONE, defaults=fields, create_defaults=fields | {"id": self.THE_ONE}
        )

    def lets_in(self, email: str) -> bool:
        """Tell whether an address belongs to a domain whose people may sign up."""
        return self.sign_up == self.SignUp.DOMAINS and email.rpartition("@")[2].lower() in self.domains
