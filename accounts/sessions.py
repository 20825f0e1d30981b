"""Sessions as Django keeps them in the database, found together with the person whose they are.

Every page asks for both: so they are one statement instead of two.
"""

from datetime import UTC, datetime
from threading import local
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import Subquery
from django.utils import timezone

from accounts.models import User
from accounts.models.people import UserQuerySet
from chatsite.speed.prepared import Prepared

NEVER = datetime.min.replace(tzinfo=UTC)


def owner_of(key: str, now: datetime) -> UserQuerySet:
    """Query whose session this is, with what is in it as `session_data`: None where it is over."""
    sessions = Session.objects.filter(session_key=key, expire_date__gt=now)
    owner = User.objects.signed_in().filter(usersession__session_key=key)
    return owner.annotate(session_data=Subquery(sessions.values("session_data")))


find = Prepared(owner_of, key="a session key", now=NEVER)


class LastFound(local):
    """Who was found with the session that this thread has read last, until somebody asks for them."""

    person: User | None = None

    def take(self, pk: int) -> User | None:
        """Give them once, if it is they who are asked for: what was true then may not be any more."""
        person, self.person = self.person, None
        return person if person and person.pk == pk else None


last_found = LastFound()


class SessionStore(DatabaseStore):
    """Django's store, but for how it finds a session; those of nobody are found as Django does."""

    def load(self) -> dict[str, Any]:
        last_found.person = None
        person = next(iter(find(key=self.session_key, now=timezone.now())), None)
        if person is None or person.session_data is None:
            return super().load()
        last_found.person = person
        return self.decode(person.session_data)
