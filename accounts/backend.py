"""Who somebody is: allauth finds out; each request then loads them together with what every page asks of them."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


class AccountBackend(AuthenticationBackend):
    """People by user name or e-mail address and password."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        return super().authenticate(request, **credentials) if settings.PASSWORDS else None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.signed_in().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
