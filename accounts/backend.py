"""The authentication backend: allauth checks credentials; each later request loads its person in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.models.signed_in import signed_in_people
from accounts.sessions import person_of_session
from chatsite.speed.prepared import Prepared

find_signed_in = Prepared(lambda pk: signed_in_people().filter(pk=pk), pk=-1)


class AccountBackend(AuthenticationBackend):
    """Authenticate people by user name or e-mail address, and password."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        return super().authenticate(request, **credentials) if settings.PASSWORDS else None

    def get_user(self, user_id: int) -> User | None:
        user = person_of_session.take(user_id) or next(iter(find_signed_in(pk=user_id)), None)
        return user if user and self.user_can_authenticate(user) else None
