"""Pictures of people: small ones, kept in the database, so that a backup of it has them too."""

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction

if TYPE_CHECKING:
    from accounts.models import User


class PictureManager(models.Manager):
    """How one gets a picture, another, or none."""

    @transaction.atomic
    def show(self, user: "User", content: bytes) -> None:
        """Make `content`, a WebP, the picture of `user`; its address changes with it, so browsers may keep it."""
        self.update_or_create(user=user, defaults={"content": content})
        user.picture_digest = hashlib.sha256(content).hexdigest()[:16]
        user.save(update_fields=["picture_digest"])

    @transaction.atomic
    def remove(self, user: "User") -> None:
        self.filter(user=user).delete()
        user.picture_digest = ""
        user.save(update_fields=["picture_digest"])


class Picture(models.Model):
    """How somebody looks: a square WebP."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="picture")
    content = models.BinaryField()

    objects = PictureManager()

    class Meta:
        db_table = "pictures"

    def __str__(self) -> str:
        return f"picture of {self.user_id}"
