"""Earlier texts: what a message said before it was edited; together they are its edit history."""

from typing import Self

from django.db import models
from django.utils.safestring import mark_safe

from chatsite.speed.keyset import text_bytes
from conversations.models.keyset import TimeKeyset
from conversations.text import markdown


class EarlierTextQuerySet(TimeKeyset):
    """Earlier texts of a message, the last replaced first."""

    bytes_of = staticmethod(lambda earlier: text_bytes(earlier.html or earlier.content))

    def newest_first(self) -> Self:
        return self.order_by("-replaced_at", "-pk")


class EarlierText(models.Model):
    """The words that one edit replaced."""

    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="earlier_texts")
    content = models.TextField()
    html = models.TextField(db_default="", default="", editable=False)
    replaced_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    objects = EarlierTextQuerySet.as_manager()

    class Meta:
        db_table = "message_earlier_texts"
        ordering = ["replaced_at", "pk"]

    def __str__(self) -> str:
        return self.content[:60]

    @property
    def body(self) -> str:
        """The earlier text as safe HTML, as it was shown then."""
        return mark_safe(markdown.in_this_language(self.html or markdown.render(self.content).html))  # noqa: S308 – from our renderer in both cases
