"""Fill in what the renderer finds, for messages of release 0.1 and of other programs, which did not store it."""

from collections import defaultdict

from django.db import models, transaction
from django.db.models import Q

from conversations.models.event.converting import IS_SENTENCE, Sentence, convert
from conversations.models.message.earlier_text import EarlierText
from conversations.models.message.mentioning import plain_text
from conversations.text.markdown import earlier_html, render

BATCH_MESSAGES = 500
WITHOUT_FACTS = Q(has_link__isnull=True) | Q(has_code__isnull=True)


class FillingFacts(models.QuerySet):
    """Messages whose facts may be missing."""

    def without_facts(self) -> "FillingFacts":
        """Select the messages whose facts are missing."""
        return self.filter(WITHOUT_FACTS)

    @transaction.atomic
    def fill_facts(self, limit: int = BATCH_MESSAGES) -> int:
        """Fill in the facts of up to `limit` messages without them, the newest first; return the number of messages.

        Also give system messages an event where their sentence can be parsed, and replace labels in English by
        placeholders. 0 means that none are left, except those that another transaction is changing now. Each call is
        one short transaction: call it until it returns 0, and again from time to time, as other programs insert
        messages. It waits for no other transaction, and only changes of the same messages wait for it.
        """
        rows = self.without_facts().order_by("-created_at").values_list("pk", "html", "content")
        found = defaultdict(list)
        for pk, html, content in rows.select_for_update(skip_locked=True, no_key=True)[:limit]:
            rendered = earlier_html.with_facts(html) if html else render(content)
            found[rendered.has_link, rendered.has_code].append(pk)
            words = plain_text(content, rendered)
            if words is not None or (html and rendered.html != html):
                self.filter(pk=pk).update(html=rendered.html if html else "", plain_text=words)
        for (has_link, has_code), ids in found.items():
            self.filter(pk__in=ids).update(has_link=has_link, has_code=has_code)
        done = [pk for ids in found.values() for pk in ids]
        EarlierText.objects.remove_labels(done)
        sentences = self.filter(IS_SENTENCE, pk__in=done).values_list(*Sentence._fields)
        self.filter(pk__in=convert(Sentence(*row) for row in sentences)).update(content="", html="")
        return len(done)
