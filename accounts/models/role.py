"""Roles: what a person may do in the workspace. Only membership, not a role, gives access to private conversations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Roles, from the most powerful to the least."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")
    GUEST = "guest", _("Guest")


def below(role: str) -> list[str]:
    """List the roles that are less powerful than `role`."""
    return Role.values[Role.values.index(role) + 1 :]
