"""Pictures of people: small ones, stored in the database, so that a backup of it includes them."""

import hashlib

from django.conf import settings
from django.db import models


class PictureManager(models.Manager["Picture"]):
    """The picture of a person, by the person's id."""

    def store(self, user_id: int, content: bytes) -> str:
        """Store a WebP and return its digest, a part of its address: browsers may cache each picture forever."""
        self.update_or_create(user_id=user_id, defaults={"content": content})
        return hashlib.sha256(content).hexdigest()[:16]

    def discard(self, user_id: int) -> None:
        self.filter(user_id=user_id).delete()


class Picture(models.Model):
    """A picture of a person: a square WebP."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="picture")
    content = models.BinaryField()

    objects = PictureManager()

    class Meta:
        db_table = "pictures"

    def __str__(self) -> str:
        return f"picture of {self.user_id}"
