"""How the pages about other people's accounts find them."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from conversations.models.account_deletion import people_to_manage


def find_managed(request, username: str) -> User:
    """Load a person for somebody who manages people; everybody else is refused, also where there is no such person."""
    return get_object_or_404(people_to_manage(request.user), username=username)
