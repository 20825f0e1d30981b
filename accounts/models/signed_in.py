"""People, with everything that each page needs to know about its reader."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models.people import UserQuerySet
from accounts.models.user.user import User
from accounts.models.workspace import Workspace


def signed_in_people() -> UserQuerySet:
    """Query people with `workspace_name` and `lacks_second_factor`, which is true only for roles that need one."""
    workspace = Workspace.objects.filter(pk=Workspace.ONLY_ID)
    needs_one = workspace.filter(second_factor__contains=[OuterRef("role")])
    return User.objects.annotate(
        workspace_name=Coalesce(Subquery(workspace.values("name")), Value(Workspace.UNNAMED)),
        lacks_second_factor=Exists(needs_one) & ~Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
    )
