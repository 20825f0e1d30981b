"""Django's database cache, as a model so that migrations make its table."""

from django.db import models


class CacheEntry(models.Model):
    """A row of Django's database cache, in which allauth counts failed attempts to sign in."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cache"

    def __str__(self) -> str:
        return self.cache_key
