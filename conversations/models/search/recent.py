"""Recent searches: the last searches of a person, visible only to that person, until they clear them."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import models

from accounts.models import User
from accounts.models.limits import take

MAX_RECENT = 20


class RecentSearchQuerySet(models.QuerySet):
    """Recent searches, by person."""

    def of(self, user: User) -> "RecentSearchQuerySet":
        """List the searches of `user`, the latest first."""
        return self.filter(user=user).order_by("-searched_at", "-pk")

    def remember(self, user: User, words: str) -> None:
        """Store a search, each only once, and delete the oldest beyond MAX_RECENT; raise LimitReached."""
        take("search", user)
        self.update_or_create(user=user, words=words, defaults={"searched_at": models.functions.Now()})
        kept = self.of(user).values_list("pk", flat=True)[:MAX_RECENT]
        self.filter(user=user).exclude(pk__in=list(kept)).delete()

    def erase(self, user: User, words: str = "") -> None:
        """Delete one search, or without `words` all of them."""
        found = self.filter(user=user)
        (found.filter(words=words) if words else found).delete()


class RecentSearch(models.Model):
    """One search of one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    words = models.CharField(max_length=1000)
    searched_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    objects = RecentSearchQuerySet.as_manager()

    class Meta:
        db_table = "recent_searches"
        constraints = [models.UniqueConstraint(fields=["user", "words"], name="recent_searches_unique")]

    def __str__(self) -> str:
        return self.words

    @property
    def address(self) -> str:
        """The query string that repeats this search."""
        return urlencode({"q": self.words})
