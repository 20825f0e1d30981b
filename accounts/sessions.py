"""Sessions as Django keeps them in the database, found by a query that is written once."""

from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models.prepared import Prepared

NEVER = datetime.min.replace(tzinfo=UTC)
find = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key="a session key", now=NEVER
)


class SessionStore(DatabaseStore):
    """Django's store, but for how it finds a session."""

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(find(key=self.session_key, now=timezone.now())), None)
        if found is None:
            self._session_key = None
        return found
