"""Earlier texts: what a message said before it was edited."""

from django.db import models
from django.utils.safestring import mark_safe

from conversations.text import markdown
from conversations.text.cursors import Cursor


class EarlierTextQuerySet(models.QuerySet):
    """Earlier texts of a message, the last replaced first."""

    def newest_first(self, before: Cursor | None = None) -> "EarlierTextQuerySet":
        """Order by when they were replaced, from a cursor on."""
        found = self.order_by("-replaced_at", "-pk")
        if before:
            found = found.filter(replaced_at__lte=before.time).exclude(replaced_at=before.time, pk__gte=before.id)
        return found


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
    def cursor(self) -> Cursor:
        return Cursor(self.replaced_at, self.pk)

    @property
    def body(self) -> str:
        """The earlier text as safe HTML, as it was shown then."""
        return mark_safe(markdown.in_this_language(self.html or markdown.render(self.content)))  # noqa: S308 – from our renderer in both cases
