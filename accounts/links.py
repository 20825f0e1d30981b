"""Links that let somebody in: good for a day and one use, useless after the password has changed."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from accounts.models import User


def reset_link(person: User) -> str:
    """Make the path of a page where `person` chooses another password."""
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
