"""What a person may do in the workspace, by their role."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.audit import Audit, AuditQuerySet
from accounts.models.not_allowed import NotAllowed
from accounts.models.role import Role, below
from accounts.models.user.account import Account


class Ranked(Account):
    """A person with a role in the workspace."""

    class Meta:
        abstract = True

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_guest(self) -> bool:
        return self.role == Role.GUEST

    @property
    def is_staff(self) -> bool:
        """Return whether this person may use Django admin; `visible_to` limits what they see there."""
        return self.role in (Role.OWNER, Role.ADMIN)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)

    def roles_to_give(self) -> list[str]:
        """List the roles that this person may give and take: owners all, admins those below theirs."""
        if self.is_owner:
            return Role.values
        return below(self.role) if self.is_staff else []

    def may_manage(self, person: Self) -> bool:
        """Return whether this person may change the role of `person`, deactivate or delete them."""
        return self.is_active and person.role in self.roles_to_give()

    def allow_admin(self) -> None:
        """Raise NotAllowed unless this person may use Django admin."""
        if not self.is_staff:
            raise NotAllowed(_("Django admin is for owners and admins."))

    def audit_log(self) -> AuditQuerySet:
        """Query the audit log, newest line first; raise NotAllowed for all but owners and admins."""
        if not self.has_perm("audit"):
            raise NotAllowed(_("Only owners and admins can read the audit log."))
        return Audit.objects.newest_first()
