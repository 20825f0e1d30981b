"""Earlier texts: what a message said before it was edited; together they are its edit history."""

from collections.abc import Collection
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.safestring import mark_safe

from chatsite.speed.keyset import text_bytes
from conversations.models.keyset import TimeKeyset
from conversations.text import markdown
from conversations.text.markdown.earlier_html import without_labels


class EarlierTextQuerySet(TimeKeyset):
    """Earlier texts of a message, the last replaced first."""

    bytes_of = staticmethod(lambda earlier: text_bytes(earlier.html or earlier.content))

    def newest_first(self) -> Self:
        return self.order_by("-replaced_at", "-pk")

    def remove_labels(self, messages: Collection[int]) -> None:
        """Replace the English labels of release 0.1 by placeholders, in earlier texts of these messages."""
        for pk, html in self.filter(message__in=messages).exclude(html="").values_list("pk", "html"):
            if html != (neutral := without_labels(html)):
                self.filter(pk=pk).update(html=neutral)


class EarlierText(models.Model):
    """What one edit replaced: the words and, if it changed them, the names of the files."""

    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="earlier_texts")
    content = models.TextField()
    html = models.TextField(db_default="", default="", editable=False)
    # None where the edit changed no files.
    file_names = ArrayField(models.TextField(), null=True)
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
        return mark_safe(markdown.with_labels(self.html or markdown.render(self.content).html))  # noqa: S308 – from our renderer in both cases
