"""The sessions of a person."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.crypto import salted_hmac

from accounts.models.clock import clock
from accounts.models.user.account import Account


class Visiting(Account):
    """A person with sessions."""

    class Meta:
        abstract = True

    def end_visits(self) -> None:
        """End all sessions with the next request, and their streams within seconds."""
        self.stamp = F("stamp") + 1
        self.save(update_fields=["stamp"])

    def visits(self) -> QuerySet[UserSession]:
        """Select the sessions of this person that have not expired, the newest first."""
        alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock.now())
        return UserSession.objects.filter(Exists(alive), user=self.pk).order_by("-created_at", "-pk")

    def end_visit(self, pk: int) -> None:
        """End one session of this person, as it is listed among their devices."""
        for listed in UserSession.objects.filter(user=self.pk, pk=pk):
            Session.objects.filter(session_key=listed.session_key).delete()
            listed.delete()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Hash everything a session depends on, where Django hashes the password alone."""
        salt = "accounts.models.User.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password}:{self.stamp}", secret=secret, algorithm="sha256").hexdigest()
