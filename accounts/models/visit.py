"""Visits: somebody signed in with one browser. A stream outlives its request, so it has to ask again whether it may."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models.user import User


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
    """Keep those visits whose session is there and not over, and whose person is active with the same password."""
    keys = {visit.session_key for visit in visits}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    alive = set(sessions.values_list("session_key", flat=True))
    people = User.objects.active().in_bulk({visit.user_id for visit in visits})
    credentials = {pk: person.get_session_auth_hash() for pk, person in people.items()}
    return {
        visit
        for visit in visits
        if visit.session_key in alive and constant_time_compare(credentials.get(visit.user_id, ""), visit.credentials)
    }
