"""Django's database cache, as a model so that migrations make its table."""

from datetime import timedelta

from django.db import models

MAX_AGE = timedelta(minutes=31)  # nothing is cached for longer than half an hour


class CacheEntryQuerySet(models.QuerySet["CacheEntry"]):
    """Rows of the cache."""

    def delete_expired(self) -> int:
        """Delete what the cache would not return any more; return how many rows.

        A row that would outlast MAX_AGE was stored before the clock was set back, and would lock people out.
        """
        now = models.functions.Now()
        return self.filter(models.Q(expires__lt=now) | models.Q(expires__gt=now + MAX_AGE)).delete()[0]


class CacheEntry(models.Model):
    """A row of Django's database cache, in which allauth counts failed attempts to sign in."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    objects = CacheEntryQuerySet.as_manager()

    class Meta:
        db_table = "cache"

    def __str__(self) -> str:
        return self.cache_key
