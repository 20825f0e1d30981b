"""Filling in what the renderer found, for messages of release 0.1 and of other programs, which do not say."""

from collections import defaultdict

from django.db import models, transaction
from django.db.models import Q

from conversations.models.event.converting import IS_SENTENCE, Sentence, convert
from conversations.models.message.earlier_text import EarlierText
from conversations.text.markdown import earlier_html, render

BATCH_MESSAGES = 500
WITHOUT_FACTS = Q(has_link__isnull=True) | Q(has_code__isnull=True)


class FillingFacts(models.QuerySet):
    """Messages whose facts are still to be found."""

    def without_facts(self) -> "FillingFacts":
        """Keep the messages whose facts are still to be found."""
        return self.filter(WITHOUT_FACTS)

    @transaction.atomic
    def fill_facts(self, limit: int = BATCH_MESSAGES) -> int:
        """Find the facts of up to `limit` messages without them, the newest first, and return how many were done.

        System messages get an event where their sentence can be read, and labels in English give way to their places.
        0 means that there are none left, but those that another transaction is changing now. One call is one short
        transaction: call it until nothing is left, and again from time to time, as other programs insert messages.
        It waits for nobody, and only changes of the same messages wait for it.
        """
        rows = self.without_facts().order_by("-created_at").values_list("pk", "html", "content")
        found = defaultdict(list)
        for pk, html, content in rows.select_for_update(skip_locked=True, no_key=True)[:limit]:
            rendered = earlier_html.with_facts(html) if html else render(content)
            found[rendered.has_link, rendered.has_code].append(pk)
            if html and rendered.html != html:
                self.filter(pk=pk).update(html=rendered.html)
        for (has_link, has_code), ids in found.items():
            self.filter(pk__in=ids).update(has_link=has_link, has_code=has_code)
        done = [pk for ids in found.values() for pk in ids]
        EarlierText.objects.take_labels_out(done)
        sentences = self.filter(IS_SENTENCE, pk__in=done).values_list(*Sentence._fields)
        self.filter(pk__in=convert(Sentence(*row) for row in sentences)).update(content="", html="")
        return len(done)
