"""Who somebody is: allauth finds out; each request then loads them together with what every page asks of them."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.sessions import last_found
from chatsite.speed.prepared import Prepared

find_signed_in = Prepared(lambda pk: User.objects.signed_in().filter(pk=pk), pk=-1)


class AccountBackend(AuthenticationBackend):
    """People by user name or e-mail address and password."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        return super().authenticate(request, **credentials) if settings.PASSWORDS else None

    def get_user(self, user_id: int) -> User | None:
        user = last_found.take(user_id) or next(iter(find_signed_in(pk=user_id)), None)
        return user if user and self.user_can_authenticate(user) else None
