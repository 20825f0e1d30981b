"""Visits: somebody signed in with one browser. A stream outlives its request, so it has to ask again whether it may."""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models.user import User

BEGAN, SEEN = "began", "seen"  # in the session, in seconds since 1970
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 – names no machine


@dataclass(frozen=True)
class Visit:
    """A session and whose it is; `credentials` changes with their password, as a session's own copy of it does."""

    user_id: int
    session_key: str
    credentials: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Visit":
        return cls(request.user.pk, request.session.session_key, request.user.get_session_auth_hash())


def still_signed_in(visits: Collection[Visit]) -> set[Visit]:
    """Keep those visits whose session is there and not over, and whose person is active with the same credentials."""
    keys = {visit.session_key for visit in visits}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    alive = set(sessions.values_list("session_key", flat=True))
    allowed = User.objects.active().signed_in().filter(lacks_second_factor=False)
    people = allowed.in_bulk({visit.user_id for visit in visits})
    credentials = {pk: person.get_session_auth_hash() for pk, person in people.items()}
    return {
        visit
        for visit in visits
        if visit.session_key in alive and constant_time_compare(credentials.get(visit.user_id, ""), visit.credentials)
    }


def end_other_visits(request: HttpRequest) -> None:
    """End all sessions of who asks but this one, which goes on under another key."""
    request.user.end_visits()
    update_session_auth_hash(request, request.user)
    UserSession.objects.filter(user=request.user).delete()
    UserSession.objects.create_from_request(request)


def end_visit(user: User, pk: int) -> None:
    """End one session of `user`, as it is listed among their devices."""
    for listed in UserSession.objects.filter(user=user, pk=pk):
        Session.objects.filter(session_key=listed.session_key).delete()
        listed.delete()


def address_of(request: HttpRequest) -> str:
    """Read the address of who asks, as the database takes it."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
    except ValueError:
        return UNKNOWN_ADDRESS


def browser_of(request: HttpRequest) -> str:
    """Read what the browser calls itself, as long as the table takes it."""
    return request.META.get("HTTP_USER_AGENT", "")[: UserSession._meta.get_field("user_agent").max_length]
