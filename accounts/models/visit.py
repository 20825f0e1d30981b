"""Visits: a person signed in with one browser. A stream outlives its request, so it checks its visit repeatedly."""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models.clock import clock
from accounts.models.signed_in import signed_in_people
from accounts.models.user.user import User

BEGAN, SEEN = "began", "seen"  # in the session, in seconds since 1970
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 – names no machine
MAX_USER_AGENT_CHARACTERS = UserSession._meta.get_field("user_agent").max_length


@dataclass(frozen=True)
class Visit:
    """A session and its person; `credentials` changes with the password, as a session's own copy of it does."""

    user_id: int
    session_key: str | None
    credentials: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Visit":
        """Describe the visit of a request of a signed-in person."""
        user = signed_in_user(request)
        return cls(user.pk, request.session.session_key, user.get_session_auth_hash())


def signed_in_user(request: HttpRequest) -> User:
    """Return the person of a request; raise TypeError for an anonymous one, which never gets this far."""
    if not isinstance(request.user, User):
        raise TypeError("an anonymous visitor asked for a page of signed-in people")
    return request.user


def record_visit(request: HttpRequest) -> None:
    """Record when, from which IP address and with which browser a session was last used."""
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=timezone.now(), ip=address_of(request), user_agent=browser_of(request)
    )


def still_signed_in(visits: Collection[Visit]) -> set[Visit]:
    """Return the visits whose session has not expired and whose person is active with the same credentials."""
    keys = {visit.session_key for visit in visits}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    alive = set(sessions.values_list("session_key", flat=True))
    allowed = signed_in_people().active().filter(lacks_second_factor=False)
    people = allowed.in_bulk({visit.user_id for visit in visits})
    credentials = {pk: person.get_session_auth_hash() for pk, person in people.items()}
    return {
        visit
        for visit in visits
        if visit.session_key in alive and constant_time_compare(credentials.get(visit.user_id, ""), visit.credentials)
    }


def end_other_visits(request: HttpRequest) -> None:
    """End all sessions of the person of a request except this one, which continues under another key."""
    user = signed_in_user(request)
    user.end_visits()
    update_session_auth_hash(request, user)
    UserSession.objects.filter(user=user).delete()
    UserSession.objects.create_from_request(request)


def address_of(request: HttpRequest) -> str:
    """Read the IP address of a visitor, in the form that the database accepts."""
    return known_address(request.META.get("REMOTE_ADDR", ""))


def known_address(word: str) -> str:
    """Return an IP address as the database accepts it; UNKNOWN_ADDRESS for other words, which some proxies report."""
    try:
        return str(ip_address(word.partition("%")[0].strip("[]")))
    except ValueError:
        return UNKNOWN_ADDRESS


def browser_of(request: HttpRequest) -> str:
    """Read the User-Agent, cut to what fits into the table."""
    return request.META.get("HTTP_USER_AGENT", "")[:MAX_USER_AGENT_CHARACTERS]
