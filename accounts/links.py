"""Links that let somebody in: for one use, as what they do makes them useless."""

from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from accounts.models import User
from accounts.tokens import TokenGenerator


def reset_link(person: User) -> str:
    """Make the path of a page where `person` chooses another password."""
    key = TokenGenerator().make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
