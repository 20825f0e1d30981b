"""Attachments: the files that came with a message."""

from django.db import models


class Attachment(models.Model):
    """One file of one message. Its bytes, and those of its thumbnails, are in the storage "files"."""

    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="attachments")
    position = models.SmallIntegerField()
    name = models.CharField(max_length=255)
    # By its content; what a browser or a file name said about it counts for nothing.
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    # Where it lies in the storage: a random name; thumbnails lie beside it.
    key = models.CharField(max_length=100)
    # Of a picture, in pixels; null for all else.
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    description = models.CharField(max_length=1000, blank=True, db_default="", default="")

    class Meta:
        db_table = "attachments"
        constraints = [models.UniqueConstraint(fields=["key"], name="attachments_key_unique")]

    def __str__(self) -> str:
        return self.name
