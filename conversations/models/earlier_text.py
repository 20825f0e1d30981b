"""Earlier texts: what a message said before it was edited."""

from django.db import models
from django.utils.safestring import mark_safe

from conversations import markdown


class EarlierText(models.Model):
    """The words that one edit replaced."""

    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="earlier_texts")
    content = models.TextField()
    replaced_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    class Meta:
        db_table = "message_earlier_texts"
        ordering = ["replaced_at", "pk"]

    def __str__(self) -> str:
        return self.content[:60]

    @property
    def body(self) -> str:
        """The earlier text as safe HTML."""
        return mark_safe(markdown.render(self.content))  # noqa: S308 – from our renderer
