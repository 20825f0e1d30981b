"""Roles: what somebody may do on the whole site. What is said in private is no matter of roles, but of members."""

from django.db import models


class Role(models.TextChoices):
    """From the most to the least."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"
    GUEST = "guest", "Guest"


def below(role: str) -> list[str]:
    """List the roles that may less than `role`."""
    return Role.values[Role.values.index(role) + 1 :]
