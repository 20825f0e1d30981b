"""The adapter by which allauth lets newcomers into the default conversations, however they first sign in."""

from django.http import HttpRequest

from accounts.adapters.account import AccountAdapter
from accounts.models import User
from conversations.models import Conversation


class WelcomingAdapter(AccountAdapter):
    """The account adapter, with what `accounts` must not know of: conversations."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a visit; on their first, a person joins the default conversations.

        The first visit follows a sign-up, or begins when the owner of an imported account claims it.
        """
        is_first = user.last_login is None
        super().login(request, user)
        if is_first:
            Conversation.objects.welcome(user)
