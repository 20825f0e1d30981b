"""Recent searches: what somebody looked for lately, for their eyes alone, until they erase it."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

MAX_CACHED_CHARACTERS = 20


class RecentSearchQuerySet(models.QuerySet):
    """Recent searches, and what one does with them."""

    def of(self, user: "User") -> "RecentSearchQuerySet":
        return self.filter(user=user).order_by("-searched_at", "-pk")

    def remember(self, user: "User", words: str) -> None:
        """Remember a search, once, and let go of the oldest."""
        self.update_or_create(user=user, words=words, defaults={"searched_at": models.functions.Now()})
        kept = self.of(user).values_list("pk", flat=True)[:MAX_CACHED_CHARACTERS]
        self.filter(user=user).exclude(pk__in=list(kept)).delete()

    def erase(self, user: "User", words: str = "") -> None:
        """Forget one search, or all of them."""
        self.filter(user=user, **({"words": words} if words else {})).delete()


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
        """The query of the address at which it is made again."""
        return urlencode({"q": self.words})
