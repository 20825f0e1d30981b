"""Roles: what somebody may do on the whole site. What is said in private is no matter of roles, but of members."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """From the most to the least."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")
    GUEST = "guest", _("Guest")


def below(role: str) -> list[str]:
    """List the roles that may less than `role`."""
    return Role.values[Role.values.index(role) + 1 :]
