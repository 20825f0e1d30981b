"""Sessions as Django stores them in the database, but loaded together with the person signed in.

Every page needs both: this makes them one statement instead of two.
"""

from datetime import UTC, datetime
from threading import local
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import Subquery
from django.db.models.functions import Now

from accounts.models import User
from accounts.models.clock import clock
from accounts.models.limits import take_by_address
from accounts.models.people import UserQuerySet
from accounts.models.signed_in import signed_in_people
from chatsite.speed.prepared import Prepared

NEVER = datetime.min.replace(tzinfo=UTC)


def owner_of(key: str, now: datetime) -> UserQuerySet:
    """Query the person of a session, with its content as `session_data`: None if it has expired."""
    sessions = Session.objects.filter(session_key=key, expire_date__gt=now)
    owner = signed_in_people().filter(usersession__session_key=key)
    return owner.annotate(session_data=Subquery(sessions.values("session_data")))


find = Prepared(owner_of, key="a session key", now=NEVER)


class PersonOfSession(local):
    """The person loaded with the session that this thread read last, until the backend takes them."""

    person: User | None = None

    def take(self, pk: int) -> User | None:
        """Return the person if this is their id, but only once: later they may have changed in the database."""
        person, self.person = self.person, None
        return person if person and person.pk == pk else None


person_of_session = PersonOfSession()


class SessionStore(DatabaseStore):
    """Django's store, except for how it loads a session; anonymous ones are loaded as in Django."""

    address = ""  # the IP address of the visitor

    def load(self) -> dict[str, Any]:
        person_of_session.person = None
        person = next(iter(find(key=self.session_key, now=clock.now())), None)
        if person is None or person.session_data is None:
            return super().load()
        person_of_session.person = person
        return self.decode(person.session_data)

    def _get_session_from_db(self) -> Session | None:
        """Load an anonymous session as Django does, but by a clock that does not jump."""
        found = Session.objects.filter(session_key=self.session_key, expire_date__gt=clock.now()).first()
        if found is None:
            self._session_key = None
        return found

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that have expired both by our clock and by that of the database."""
        Session.objects.filter(expire_date__lt=clock.now()).filter(expire_date__lt=Now()).delete()

    def save(self, must_create: bool = False) -> None:
        """Save the session; raise LimitReached if the IP address has begun too many without signing in.

        Signing in begins a session by another method, and has its own limits.
        """
        if self.session_key is None and self.address:
            take_by_address("begin a session", self.address)
        super().save(must_create)
